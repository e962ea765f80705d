"""What can be taken away: pictures to look at, papers to print, and the page that says whether a paper is genuine."""
