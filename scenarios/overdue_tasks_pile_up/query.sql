-- Units with many overdue tasks, one row each; tasks whose clock stands still are not overdue.
SELECT
  s.serving,
  u.unit AS subject,
  u.territory,
  concat(u.name, '在办 ', CAST(count(*) AS VARCHAR), ' 件任务，', CAST(sum(CASE WHEN t.promised < s.today AND NOT t.stopped THEN 1 ELSE 0 END) AS VARCHAR), ' 件已超期') AS reason_zh,
  concat(CAST(sum(CASE WHEN t.promised < s.today AND NOT t.stopped THEN 1 ELSE 0 END) AS VARCHAR), ' of ', CAST(count(*) AS VARCHAR), ' open tasks are overdue') AS reason_en,
  u.name,
  sum(CASE WHEN t.promised < s.today AND NOT t.stopped THEN 1 ELSE 0 END) AS overdue,
  count(*) AS tasks,
  CAST(min(CASE WHEN t.promised < s.today AND NOT t.stopped THEN t.promised ELSE NULL END) AS DATE) AS oldest
FROM loop_tasks t
JOIN units u ON u.unit = t.unit
JOIN serving s ON starts_with(u.territory, s.territory)
WHERE t.state = 'active'
GROUP BY s.serving, s.least, s.share, u.unit, u.territory, u.name
HAVING sum(CASE WHEN t.promised < s.today AND NOT t.stopped THEN 1 ELSE 0 END) >= s.least
  AND 100 * sum(CASE WHEN t.promised < s.today AND NOT t.stopped THEN 1 ELSE 0 END) >= s.share * count(*)
