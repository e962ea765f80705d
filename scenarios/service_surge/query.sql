-- Kinds of matter that come up far more often in one county within seven days than in the weeks before. Ten cases at least: a surge is
-- never about a few people. Matters that people raise; what the office finds or notes itself is no need that surges.
WITH counted AS (
  SELECT s.serving, s.least, s.weeks, s.times, c.county, c.scenario,
    sum(CASE WHEN c.opened >= s.today - 7 THEN 1 ELSE 0 END) AS week,
    sum(CASE WHEN c.opened < s.today - 7 THEN 1 ELSE 0 END) AS earlier_weeks
  FROM loop_cases c
  JOIN serving s ON starts_with(c.county, s.territory) AND c.opened < s.today AND c.opened >= s.today - 7 * (s.weeks + 1)
  WHERE c.channel IN ('web', 'phone', 'window', 'proxy', 'guardian')
  GROUP BY s.serving, s.least, s.weeks, s.times, c.county, c.scenario
)
SELECT
  k.serving,
  k.county AS subject,
  k.county AS territory,
  concat('七天内 ', CAST(k.week AS VARCHAR), ' 件，前 ', CAST(k.weeks AS VARCHAR), ' 周平均每周 ', CAST(CAST(round(k.earlier_weeks * 1.0 / k.weeks, 0) AS INTEGER) AS VARCHAR), ' 件') AS reason_zh,
  concat(CAST(k.week AS VARCHAR), ' within seven days against ', CAST(CAST(round(k.earlier_weeks * 1.0 / k.weeks, 0) AS INTEGER) AS VARCHAR), ' a week in the ', CAST(k.weeks AS VARCHAR), ' weeks before') AS reason_en,
  concat(k.county, '/', k.scenario) AS what,
  k.scenario,
  k.week,
  CAST(round(k.earlier_weeks * 1.0 / k.weeks, 0) AS INTEGER) AS usual
FROM counted k
WHERE k.week >= k.least AND k.week * k.weeks >= k.times * k.earlier_weeks
