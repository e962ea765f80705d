-- Open cases whose promise ends soon and in which nothing was recorded for days, one row each.
WITH moves AS (
  SELECT e.case_id, max(e.recorded) AS moved FROM loop_entries e GROUP BY e.case_id
)
SELECT
  s.serving,
  CAST(c.case_id AS VARCHAR) AS subject,
  c.territory AS territory,
  concat('承诺 ', CAST(CAST(c.promised AS DATE) AS VARCHAR), ' 到期，最近一次办理是 ', CAST(CAST(m.moved AS DATE) AS VARCHAR)) AS reason_zh,
  concat('Promised by ', CAST(CAST(c.promised AS DATE) AS VARCHAR), ', and nothing was recorded since ', CAST(CAST(m.moved AS DATE) AS VARCHAR)) AS reason_en,
  c.scenario,
  coalesce(c.unit, '') AS unit,
  CAST(c.promised AS DATE) AS promised,
  CAST(m.moved AS DATE) AS moved
FROM loop_cases c
JOIN moves m ON m.case_id = c.case_id
JOIN serving s ON starts_with(c.territory, s.territory) AND c.promised >= s.today AND c.promised < s.today + s.days
  AND m.moved < s.today - s.quiet
WHERE c.status IN ('received', 'accepted') AND NOT c.stopped AND NOT c.late AND c.channel <> 'model'
