-- Operators whose operating vans failed their last inspection and have not passed since, one row each. No plate is read.
WITH ranked AS (
  SELECT i.vehicle, i.inspected, i.outcome,
    row_number() OVER (PARTITION BY i.vehicle ORDER BY i.inspected DESC, i.inspection DESC) AS place
  FROM inspections i
)
SELECT
  s.serving,
  o.credit_code AS subject,
  o.county AS territory,
  concat(o.name, '有 ', CAST(count(*) AS VARCHAR), ' 辆营运面包车检验不合格、还没有复检合格，最早的 ', CAST(min(r.inspected) AS VARCHAR)) AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), CASE WHEN count(*) = 1 THEN ' operating van of ' ELSE ' operating vans of ' END, o.name, ' failed inspection and not passed since, the earliest on ', CAST(min(r.inspected) AS VARCHAR)) AS reason_en,
  o.name,
  o.kind,
  count(*) AS vans,
  min(r.inspected) AS oldest
FROM ranked r
JOIN vans v ON v.vehicle = r.vehicle
JOIN operators o ON o.credit_code = v.operator
JOIN serving s ON starts_with(o.county, s.territory) AND r.inspected < s.today - s.grace
WHERE r.place = 1 AND r.outcome = 'failed' AND v.use = 'operating'
GROUP BY s.serving, s.least, o.credit_code, o.county, o.name, o.kind
HAVING count(*) >= s.least
