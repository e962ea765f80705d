-- Operators with operating vans past their inspection date, one row each. No plate is read.
SELECT
  s.serving,
  o.credit_code AS subject,
  o.county AS territory,
  concat(o.name, '有 ', CAST(count(*) AS VARCHAR), ' 辆7–9座营运面包车逾期未检，最早的 ', CAST(min(v.inspection_due) AS VARCHAR), ' 到期') AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), CASE WHEN count(*) = 1 THEN ' operating van of ' ELSE ' operating vans of ' END, o.name, ', overdue for inspection, the earliest since ', CAST(min(v.inspection_due) AS VARCHAR)) AS reason_en,
  o.name,
  o.kind,
  count(*) AS vans,
  min(v.inspection_due) AS oldest
FROM vans v
JOIN operators o ON o.credit_code = v.operator
JOIN serving s ON starts_with(o.county, s.territory) AND v.inspection_due < s.today - s.grace
WHERE v.use = 'operating'
GROUP BY s.serving, s.least, o.credit_code, o.county, o.name, o.kind
HAVING count(*) >= s.least
