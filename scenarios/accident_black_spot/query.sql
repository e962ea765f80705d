-- Junctions and sections with many accidents, or with deaths, one row each.
SELECT
  s.serving,
  a.spot AS subject,
  a.county AS territory,
  concat(CAST(s.days AS VARCHAR), ' 天内发生 ', CAST(count(*) AS VARCHAR), ' 起事故，死亡 ', CAST(sum(a.deaths) AS VARCHAR), ' 人，受伤 ', CAST(sum(a.injured) AS VARCHAR), ' 人') AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), ' accidents within ', CAST(s.days AS VARCHAR), ' days, deaths: ', CAST(sum(a.deaths) AS VARCHAR), ', injured: ', CAST(sum(a.injured) AS VARCHAR)) AS reason_en,
  max(a.road_kind) AS road,
  count(*) AS accidents,
  sum(a.deaths) AS deaths,
  sum(a.injured) AS injured
FROM accidents a
JOIN serving s ON starts_with(a.county, s.territory) AND a.happened >= s.today - s.days AND a.happened < s.today
GROUP BY s.serving, s.days, s.least, s.deaths, a.spot, a.county
HAVING count(*) >= s.least OR sum(a.deaths) >= s.deaths
