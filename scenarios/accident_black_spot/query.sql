-- Junctions and sections with many accidents, or with deaths, one row each.
-- Imported accidents and those handled here; of these the ones whose number the accident system knows are left out (they are among the
-- imported ones), of several with the same number one counts, and what has no known junction or section counts for none.
WITH noted AS (
  SELECT o.case_id, o.happened, o.spot, o.deaths, o.injured, nullif(upper(trim(o.number)), '') AS number
  FROM loop_accidents o
),
ours AS (
  SELECT n.happened, n.spot, n.deaths, n.injured,
    row_number() OVER (PARTITION BY coalesce(n.number, CAST(n.case_id AS VARCHAR)) ORDER BY CASE WHEN n.spot IS NULL THEN 1 ELSE 0 END, n.case_id) AS nth
  FROM noted n
  LEFT JOIN accidents k ON k.accident = n.number
  WHERE k.accident IS NULL
),
together AS (
  SELECT a.happened, a.spot, a.road_kind, a.county, a.deaths, a.injured, 0 AS here
  FROM accidents a
  UNION ALL
  SELECT o.happened, o.spot, r.road_kind, r.county, o.deaths, o.injured, 1 AS here
  FROM ours o
  JOIN road_spots r ON r.spot = o.spot
  WHERE o.nth = 1
)
SELECT
  s.serving,
  a.spot AS subject,
  a.county AS territory,
  concat(CAST(s.days AS VARCHAR), ' 天内发生 ', CAST(count(*) AS VARCHAR), ' 起事故，死亡 ', CAST(sum(a.deaths) AS VARCHAR), ' 人，受伤 ', CAST(sum(a.injured) AS VARCHAR), ' 人') AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), ' accidents within ', CAST(s.days AS VARCHAR), ' days, deaths: ', CAST(sum(a.deaths) AS VARCHAR), ', injured: ', CAST(sum(a.injured) AS VARCHAR)) AS reason_en,
  max(a.road_kind) AS road,
  count(*) AS accidents,
  sum(a.deaths) AS deaths,
  sum(a.injured) AS injured,
  sum(a.here) AS here
FROM together a
JOIN serving s ON starts_with(a.county, s.territory) AND a.happened >= s.today - s.days AND a.happened < s.today
GROUP BY s.serving, s.days, s.least, s.deaths, a.spot, a.county
HAVING count(*) >= s.least OR sum(a.deaths) >= s.deaths
