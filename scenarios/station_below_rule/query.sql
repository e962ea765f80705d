-- Stations with fewer officers or auxiliaries than their districts ask for, one row each.
SELECT
  s.serving,
  u.unit AS subject,
  concat(left(u.territory, 6), '000000') AS territory,
  concat(u.name, '有 ', CAST(g.districts AS VARCHAR), ' 个警务区，缺民警 ', CAST(greatest(g.districts * s.officers - g.officers, 0) AS VARCHAR), ' 名、辅警 ', CAST(greatest(g.districts * s.auxiliaries - g.auxiliaries, 0) AS VARCHAR), ' 名') AS reason_zh,
  concat(u.name, ' has ', CAST(g.districts AS VARCHAR), ' districts; officers short: ', CAST(greatest(g.districts * s.officers - g.officers, 0) AS VARCHAR), ', auxiliaries short: ', CAST(greatest(g.districts * s.auxiliaries - g.auxiliaries, 0) AS VARCHAR)) AS reason_en,
  u.name,
  g.districts,
  greatest(g.districts * s.officers - g.officers, 0) AS officers_short,
  greatest(g.districts * s.auxiliaries - g.auxiliaries, 0) AS auxiliaries_short,
  g.as_of
FROM staffing g
JOIN units u ON u.unit = g.unit
JOIN serving s ON starts_with(u.territory, s.territory)
  AND greatest(g.districts * s.officers - g.officers, 0) + greatest(g.districts * s.auxiliaries - g.auxiliaries, 0) >= s.least
