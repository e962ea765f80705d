-- Junctions with clearly more accidents lately than in the same season of last year: (a - b)² > 4 (a + b), about two standard errors of a
-- difference of counts, so that the noise of small numbers finds nothing.
-- Imported accidents and those handled here; of these the ones whose number the accident system knows are left out (they are among the
-- imported ones), of several with the same number one counts, and what has no known junction or section counts for none.
WITH noted AS (
  SELECT o.case_id, o.happened, o.spot, nullif(upper(trim(o.number)), '') AS number
  FROM loop_accidents o
),
ours AS (
  SELECT n.happened, n.spot,
    row_number() OVER (PARTITION BY coalesce(n.number, CAST(n.case_id AS VARCHAR)) ORDER BY CASE WHEN n.spot IS NULL THEN 1 ELSE 0 END, n.case_id) AS nth
  FROM noted n
  LEFT JOIN accidents k ON k.accident = n.number
  WHERE k.accident IS NULL
),
together AS (
  SELECT a.happened, a.spot, a.road_kind, a.county, 0 AS here
  FROM accidents a
  UNION ALL
  SELECT o.happened, o.spot, r.road_kind, r.county, 1 AS here
  FROM ours o
  JOIN road_spots r ON r.spot = o.spot
  WHERE o.nth = 1
),
counted AS (
  SELECT s.serving, s.days, s.least, a.spot, a.county,
    sum(CASE WHEN a.happened >= s.today - s.days THEN 1 ELSE 0 END) AS lately,
    sum(CASE WHEN a.happened < s.today - 365 THEN 1 ELSE 0 END) AS a_year_ago,
    sum(CASE WHEN a.happened >= s.today - s.days THEN a.here ELSE 0 END) AS here
  FROM together a
  JOIN serving s ON starts_with(a.county, s.territory) AND a.happened < s.today AND a.happened >= s.today - 365 - s.days
  WHERE a.road_kind = 'junction'
  GROUP BY s.serving, s.days, s.least, a.spot, a.county
)
SELECT
  c.serving,
  c.spot AS subject,
  c.county AS territory,
  concat('最近 ', CAST(c.days AS VARCHAR), ' 天 ', CAST(c.lately AS VARCHAR), ' 起事故，去年同期 ', CAST(c.a_year_ago AS VARCHAR), ' 起，差别大过偶然') AS reason_zh,
  concat(CAST(c.lately AS VARCHAR), ' accidents within ', CAST(c.days AS VARCHAR), ' days against ', CAST(c.a_year_ago AS VARCHAR), ' in the same season of last year, more than chance would explain') AS reason_en,
  'junction' AS road,
  c.lately,
  c.a_year_ago,
  c.here
FROM counted c
WHERE c.lately >= c.least AND c.lately > c.a_year_ago
  AND (c.lately - c.a_year_ago) * (c.lately - c.a_year_ago) > 4 * (c.lately + c.a_year_ago)
