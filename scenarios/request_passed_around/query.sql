-- Open cases that were passed on several times (sent on, sent back, sent elsewhere by a dispatcher), one row each.
WITH passes AS (
  SELECT e.case_id, count(*) AS passed
  FROM loop_entries e
  WHERE e.command IN ('transfer', 'return_to_dispatcher', 'route')
  GROUP BY e.case_id
)
SELECT
  s.serving,
  CAST(c.case_id AS VARCHAR) AS subject,
  c.territory AS territory,
  concat(CAST(CAST(c.opened AS DATE) AS VARCHAR), ' 提出，已转 ', CAST(p.passed AS VARCHAR), ' 次，还没有办结') AS reason_zh,
  concat('Raised on ', CAST(CAST(c.opened AS DATE) AS VARCHAR), ', passed on ', CAST(p.passed AS VARCHAR), ' times, still open') AS reason_en,
  c.scenario,
  coalesce(c.unit, '') AS unit,
  p.passed,
  CAST(c.opened AS DATE) AS opened
FROM loop_cases c
JOIN passes p ON p.case_id = c.case_id
JOIN serving s ON starts_with(c.territory, s.territory) AND p.passed >= s.least
WHERE c.status IN ('received', 'accepted')
