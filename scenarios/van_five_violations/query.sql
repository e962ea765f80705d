-- Vans with accident-prone violations, one row each. The vehicle's file number is the subject; no plate and no driver is read.
SELECT
  s.serving,
  v.vehicle AS subject,
  v.county AS territory,
  concat(CAST(s.days AS VARCHAR), ' 天内有 ', CAST(count(*) AS VARCHAR), ' 起易肇事违法（超员、超速、疲劳、闯红灯、逆行），最近一起 ', CAST(max(x.happened) AS VARCHAR)) AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), ' accident-prone violations within ', CAST(s.days AS VARCHAR), ' days, the latest on ', CAST(max(x.happened) AS VARCHAR)) AS reason_en,
  v.use,
  v.seats,
  count(*) AS violations,
  sum(CASE WHEN x.kind = 'overcrowding' THEN 1 ELSE 0 END) AS overcrowding,
  sum(CASE WHEN x.settled THEN 0 ELSE 1 END) AS unsettled,
  max(x.happened) AS latest
FROM violations x
JOIN vans v ON v.vehicle = x.vehicle
JOIN serving s ON starts_with(v.county, s.territory) AND x.happened >= s.today - s.days AND x.happened <= s.today
WHERE x.kind IN ('overcrowding', 'speeding', 'fatigue', 'signals', 'wrong_side')
GROUP BY s.serving, s.days, s.least, v.vehicle, v.county, v.use, v.seats
HAVING count(*) >= s.least
