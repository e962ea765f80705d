-- Junctions with clearly more accidents lately than in the same season of last year: (a - b)² > 4 (a + b), about two standard errors of a
-- difference of counts, so that the noise of small numbers finds nothing.
WITH counted AS (
  SELECT s.serving, s.days, s.least, a.spot, a.county,
    sum(CASE WHEN a.happened >= s.today - s.days THEN 1 ELSE 0 END) AS lately,
    sum(CASE WHEN a.happened < s.today - 365 THEN 1 ELSE 0 END) AS a_year_ago
  FROM accidents a
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
  c.a_year_ago
FROM counted c
WHERE c.lately >= c.least AND c.lately > c.a_year_ago
  AND (c.lately - c.a_year_ago) * (c.lately - c.a_year_ago) > 4 * (c.lately + c.a_year_ago)
