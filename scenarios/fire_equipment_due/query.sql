-- Premises with equipment past its service date, one row each; all servings in one run.
SELECT
  s.serving,
  p.premises AS subject,
  p.place AS territory,
  concat(p.name, '有 ', CAST(sum(e.pieces) AS VARCHAR), ' 件消防器材过了维保日期，最早的是 ', CAST(min(e.service_due) AS VARCHAR)) AS reason_zh,
  concat(CAST(sum(e.pieces) AS VARCHAR), ' pieces of fire equipment past the service date at ', p.name, ', the earliest since ', CAST(min(e.service_due) AS VARCHAR)) AS reason_en,
  p.name,
  p.kind,
  sum(e.pieces) AS pieces,
  min(e.service_due) AS oldest
FROM fire_equipment e
JOIN premises p ON p.premises = e.premises
JOIN serving s ON starts_with(p.place, s.territory) AND e.service_due < s.today - s.grace
GROUP BY s.serving, s.least, p.premises, p.place, p.name, p.kind
HAVING sum(e.pieces) >= s.least
