-- Units and kinds of matter of which nearly all were answered in a fraction of the promised time, one row each.
SELECT
  s.serving,
  u.unit AS subject,
  u.territory,
  concat(u.name, ' ', CAST(count(*) AS VARCHAR), ' 件里 ', CAST(sum(CASE WHEN (c.closed - c.accepted) * s.times <= (c.promised - c.accepted) THEN 1 ELSE 0 END) AS VARCHAR), ' 件只用了不到承诺时间的 1/', CAST(s.times AS VARCHAR)) AS reason_zh,
  concat(CAST(sum(CASE WHEN (c.closed - c.accepted) * s.times <= (c.promised - c.accepted) THEN 1 ELSE 0 END) AS VARCHAR), ' of ', CAST(count(*) AS VARCHAR), ' cases used no more than 1/', CAST(s.times AS VARCHAR), ' of the promised time') AS reason_en,
  concat(u.unit, '/', c.scenario) AS what,
  u.name,
  c.scenario,
  count(*) AS cases,
  sum(CASE WHEN (c.closed - c.accepted) * s.times <= (c.promised - c.accepted) THEN 1 ELSE 0 END) AS quick
FROM loop_cases c
JOIN units u ON u.unit = c.unit
JOIN serving s ON starts_with(u.territory, s.territory) AND c.closed >= s.today - s.days
WHERE c.promised > c.accepted AND c.closed >= c.accepted AND c.result_kind = 'done' AND c.channel NOT IN ('model', 'field')
GROUP BY s.serving, s.least, s.times, s.share, u.unit, u.territory, u.name, c.scenario
HAVING count(*) >= s.least
  AND 100 * sum(CASE WHEN (c.closed - c.accepted) * s.times <= (c.promised - c.accepted) THEN 1 ELSE 0 END) >= s.share * count(*)
