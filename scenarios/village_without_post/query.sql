-- Townships with villages that have no filled auxiliary post, one row each; communities in towns are not meant.
SELECT
  s.serving,
  v.township AS subject,
  v.county AS territory,
  concat(t.name, ' ', CAST(count(*) AS VARCHAR), ' 个村里有 ', CAST(sum(CASE WHEN p.village IS NULL THEN 1 ELSE 0 END) AS VARCHAR), ' 个没有在岗辅警，例如', min(CASE WHEN p.village IS NULL THEN v.name ELSE NULL END)) AS reason_zh,
  concat(CAST(sum(CASE WHEN p.village IS NULL THEN 1 ELSE 0 END) AS VARCHAR), ' of ', CAST(count(*) AS VARCHAR), ' villages without a filled auxiliary post') AS reason_en,
  t.name,
  sum(CASE WHEN p.village IS NULL THEN 1 ELSE 0 END) AS missing,
  count(*) AS villages,
  min(CASE WHEN p.village IS NULL THEN v.name ELSE NULL END) AS one
FROM villages v
JOIN divisions t ON t.code = v.township
JOIN serving s ON starts_with(v.township, s.territory)
LEFT JOIN (SELECT a.village FROM auxiliary_posts a WHERE a.filled GROUP BY a.village) p ON p.village = v.code
WHERE v.level = 'village'
GROUP BY s.serving, s.least, s.share, v.township, v.county, t.name
HAVING sum(CASE WHEN p.village IS NULL THEN 1 ELSE 0 END) >= s.least
  AND 100 * sum(CASE WHEN p.village IS NULL THEN 1 ELSE 0 END) >= s.share * count(*)
