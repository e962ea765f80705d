-- Operators with operating vans past the date of compulsory scrapping, one row each. No plate is read.
SELECT
  s.serving,
  o.credit_code AS subject,
  o.county AS territory,
  concat(o.name, '名下有 ', CAST(count(*) AS VARCHAR), ' 辆营运面包车过了报废期，最早的 ', CAST(min(v.scrap_due) AS VARCHAR), ' 到期') AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), CASE WHEN count(*) = 1 THEN ' operating van of ' ELSE ' operating vans of ' END, o.name, ' past scrapping, the earliest since ', CAST(min(v.scrap_due) AS VARCHAR)) AS reason_en,
  o.name,
  o.kind,
  count(*) AS vans,
  min(v.scrap_due) AS oldest
FROM vans v
JOIN operators o ON o.credit_code = v.operator
JOIN serving s ON starts_with(o.county, s.territory) AND v.scrap_due < s.today - s.grace
WHERE v.use = 'operating'
GROUP BY s.serving, s.least, o.credit_code, o.county, o.name, o.kind
HAVING count(*) >= s.least
