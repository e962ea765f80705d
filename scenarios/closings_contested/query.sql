-- Units with a good share of contested answers, one row each.
WITH objected AS (
  SELECT e.case_id FROM loop_entries e WHERE e.command = 'contest' GROUP BY e.case_id
)
SELECT
  s.serving,
  u.unit AS subject,
  u.territory,
  concat(u.name, ' ', CAST(s.days AS VARCHAR), ' 天内答复 ', CAST(count(*) AS VARCHAR), ' 件，', CAST(count(k.case_id) AS VARCHAR), ' 件被说没有解决') AS reason_zh,
  concat(CAST(count(k.case_id) AS VARCHAR), ' of ', CAST(count(*) AS VARCHAR), ' answers within ', CAST(s.days AS VARCHAR), ' days were contested') AS reason_en,
  u.name,
  count(*) AS cases,
  count(k.case_id) AS contested
FROM loop_cases c
JOIN units u ON u.unit = c.unit
JOIN serving s ON starts_with(u.territory, s.territory) AND c.closed >= s.today - s.days
LEFT JOIN objected k ON k.case_id = c.case_id
WHERE c.channel IN ('web', 'phone', 'window', 'proxy', 'guardian', 'handover')
GROUP BY s.serving, s.days, s.least, s.share, u.unit, u.territory, u.name
HAVING count(*) >= s.least AND 100 * count(k.case_id) >= s.share * count(*)
