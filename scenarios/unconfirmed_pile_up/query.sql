-- Units most of whose answers were never confirmed by whoever raised the matter, one row each.
SELECT
  s.serving,
  u.unit AS subject,
  u.territory,
  concat(u.name, ' ', CAST(s.days AS VARCHAR), ' 天内 ', CAST(count(*) AS VARCHAR), ' 件有了结果，', CAST(sum(CASE WHEN c.status = 'unconfirmed' THEN 1 ELSE 0 END) AS VARCHAR), ' 件没有人确认') AS reason_zh,
  concat(CAST(sum(CASE WHEN c.status = 'unconfirmed' THEN 1 ELSE 0 END) AS VARCHAR), ' of ', CAST(count(*) AS VARCHAR), ' cases that ended within ', CAST(s.days AS VARCHAR), ' days were never confirmed') AS reason_en,
  u.name,
  count(*) AS cases,
  sum(CASE WHEN c.status = 'unconfirmed' THEN 1 ELSE 0 END) AS silent
FROM loop_cases c
JOIN units u ON u.unit = c.unit
JOIN serving s ON starts_with(u.territory, s.territory) AND c.closed >= s.today - s.days
WHERE c.status IN ('settled', 'unconfirmed') AND c.channel IN ('web', 'phone', 'window', 'proxy', 'guardian', 'handover')
GROUP BY s.serving, s.days, s.least, s.share, u.unit, u.territory, u.name
HAVING count(*) >= s.least AND 100 * sum(CASE WHEN c.status = 'unconfirmed' THEN 1 ELSE 0 END) >= s.share * count(*)
