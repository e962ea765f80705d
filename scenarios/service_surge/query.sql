-- Kinds of matter that come up far more often in one place within seven days than in the weeks before: in one county, or in one town where
-- the model is served for a town. Ten cases at least: a surge is never about a few people. Matters that people raise; what the office
-- finds or notes itself is no need that surges.
WITH placed AS (
  SELECT s.serving, s.today, s.least, s.weeks, s.times, c.scenario, c.opened,
    concat(left(c.territory, greatest(6, length(s.territory))), left('000000', 12 - greatest(6, length(s.territory)))) AS place
  FROM loop_cases c
  JOIN serving s ON starts_with(c.territory, s.territory) AND c.opened < s.today AND c.opened >= s.today - 7 * (s.weeks + 1)
  WHERE c.channel IN ('web', 'phone', 'window', 'proxy', 'guardian') AND length(c.territory) = 12
),
counted AS (
  SELECT p.serving, p.least, p.weeks, p.times, p.place, p.scenario,
    sum(CASE WHEN p.opened >= p.today - 7 THEN 1 ELSE 0 END) AS week,
    sum(CASE WHEN p.opened < p.today - 7 THEN 1 ELSE 0 END) AS earlier_weeks
  FROM placed p
  GROUP BY p.serving, p.least, p.weeks, p.times, p.place, p.scenario
)
SELECT
  k.serving,
  k.place AS subject,
  k.place AS territory,
  concat('七天内 ', CAST(k.week AS VARCHAR), ' 件，前 ', CAST(k.weeks AS VARCHAR), ' 周平均每周 ', CAST(CAST(round(k.earlier_weeks * 1.0 / k.weeks, 0) AS INTEGER) AS VARCHAR), ' 件') AS reason_zh,
  concat(CAST(k.week AS VARCHAR), ' within seven days against ', CAST(CAST(round(k.earlier_weeks * 1.0 / k.weeks, 0) AS INTEGER) AS VARCHAR), ' a week in the ', CAST(k.weeks AS VARCHAR), ' weeks before') AS reason_en,
  concat(k.place, '/', k.scenario) AS what,
  k.scenario,
  k.week,
  CAST(round(k.earlier_weeks * 1.0 / k.weeks, 0) AS INTEGER) AS usual
FROM counted k
WHERE k.week >= k.least AND k.week * k.weeks >= k.times * k.earlier_weeks
