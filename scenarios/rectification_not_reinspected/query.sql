-- Cases with an open task to look again that is overdue, one row each.
SELECT
  s.serving,
  CAST(c.case_id AS VARCHAR) AS subject,
  c.territory AS territory,
  concat('该在 ', CAST(CAST(min(t.promised) AS DATE) AS VARCHAR), ' 以前复查，还没有做') AS reason_zh,
  concat('A second look was due by ', CAST(CAST(min(t.promised) AS DATE) AS VARCHAR), ' and has not been made') AS reason_en,
  c.scenario,
  coalesce(max(t.unit), '') AS unit,
  CAST(min(t.promised) AS DATE) AS promised
FROM loop_tasks t
JOIN loop_cases c ON c.case_id = t.case_id
JOIN serving s ON starts_with(c.territory, s.territory) AND t.promised < s.today - s.days
WHERE t.item IN ('look_again', 'recheck', 're_inspect', 'last_look') AND t.kind = 'human' AND NOT t.stopped
GROUP BY s.serving, c.case_id, c.territory, c.scenario
