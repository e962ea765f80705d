-- The targets of the three waves. All vans of an operator are one target (one visit); a van without an operator is one by itself. Each county
-- gets as many targets as its stations have hands for, those with the largest figure first. No plate, no driver, no single passage is read.
WITH operating AS (
  SELECT s.serving, s.capacity, 'operating' AS wave, o.credit_code AS operator, '' AS vehicle, o.name, o.county, count(*) AS vans, count(*) AS figure
  FROM vans v
  JOIN operators o ON o.credit_code = v.operator
  JOIN serving s ON s.wave = 1 AND starts_with(o.county, s.territory)
  WHERE v.use = 'operating'
  GROUP BY s.serving, s.capacity, o.credit_code, o.name, o.county
),
repeated AS (
  SELECT s.serving, s.capacity, s.territory, x.vehicle, count(*) AS figure
  FROM violations x
  JOIN serving s ON s.wave = 2 AND x.happened >= s.today - 1095 AND x.happened <= s.today
  WHERE x.kind IN ('overcrowding', 'speeding', 'fatigue', 'signals', 'wrong_side')
  GROUP BY s.serving, s.capacity, s.territory, s.violations, x.vehicle
  HAVING count(*) >= s.violations
),
frequent AS (
  SELECT s.serving, s.capacity, s.territory, r.vehicle, sum(r.trips) AS figure
  FROM route_counts r
  JOIN serving s ON s.wave = 3 AND r.week >= s.today - 84 AND r.trips >= s.trips
  LEFT JOIN permits p ON p.vehicle = r.vehicle AND p.kind = 'passenger_line' AND p.valid_until >= s.today
  WHERE r.from_county <> r.to_county AND p.permit IS NULL
  GROUP BY s.serving, s.capacity, s.territory, s.weeks, r.vehicle, r.from_county, r.to_county
  HAVING count(*) >= s.weeks
),
marked AS (
  SELECT m.serving, m.capacity, m.territory, 'violations' AS wave, m.vehicle, m.figure FROM repeated m
  UNION ALL
  SELECT f.serving, f.capacity, f.territory, 'routes' AS wave, f.vehicle, f.figure FROM frequent f
),
owned AS (
  SELECT m.serving, m.capacity, m.wave, coalesce(o.credit_code, '') AS operator,
    CASE WHEN o.credit_code IS NULL THEN m.vehicle ELSE '' END AS vehicle,
    coalesce(o.name, '') AS name, coalesce(o.county, v.county) AS county,
    count(DISTINCT m.vehicle) AS vans, sum(m.figure) AS figure
  FROM marked m
  JOIN vans v ON v.vehicle = m.vehicle
  LEFT JOIN operators o ON o.credit_code = v.operator
  WHERE starts_with(coalesce(o.county, v.county), m.territory)
  GROUP BY m.serving, m.capacity, m.wave, coalesce(o.credit_code, ''), CASE WHEN o.credit_code IS NULL THEN m.vehicle ELSE '' END,
    coalesce(o.name, ''), coalesce(o.county, v.county)
),
targets AS (
  SELECT a.serving, a.capacity, a.wave, a.operator, a.vehicle, a.name, a.county, a.vans, a.figure FROM operating a
  UNION ALL
  SELECT b.serving, b.capacity, b.wave, b.operator, b.vehicle, b.name, b.county, b.vans, b.figure FROM owned b
),
hands AS (
  SELECT left(u.territory, 6) AS district, sum(g.officers) AS officers
  FROM staffing g
  JOIN units u ON u.unit = g.unit
  GROUP BY left(u.territory, 6)
),
ranked AS (
  SELECT t.serving, t.capacity, t.wave, t.operator, t.vehicle, t.name, t.county, t.vans, t.figure, left(t.county, 6) AS district,
    row_number() OVER (PARTITION BY t.serving, t.county ORDER BY t.figure DESC, t.operator, t.vehicle) AS place
  FROM targets t
)
SELECT
  r.serving,
  CASE WHEN r.operator = '' THEN r.vehicle ELSE r.operator END AS subject,
  r.county AS territory,
  concat(CASE WHEN r.operator = '' THEN '一辆面包车' ELSE concat(r.name, '的 ', CAST(r.vans AS VARCHAR), ' 辆面包车') END,
    CASE WHEN r.wave = 'operating' THEN '：营运车逐家查'
         WHEN r.wave = 'violations' THEN concat('：三年内 ', CAST(r.figure AS VARCHAR), ' 起易肇事违法')
         ELSE concat('：12周内固定线路往返 ', CAST(r.figure AS VARCHAR), ' 次，没有班线许可') END) AS reason_zh,
  concat(CASE WHEN r.operator = '' THEN 'A van' ELSE concat(CAST(r.vans AS VARCHAR), CASE WHEN r.vans = 1 THEN ' van of ' ELSE ' vans of ' END, r.name) END,
    CASE WHEN r.wave = 'operating' THEN ': operating vans are checked operator by operator'
         WHEN r.wave = 'violations' THEN concat(': ', CAST(r.figure AS VARCHAR), ' accident-prone violations in three years')
         ELSE concat(': ', CAST(r.figure AS VARCHAR), ' trips on a fixed line in twelve weeks without a permit') END) AS reason_en,
  concat(r.wave, '/', CASE WHEN r.operator = '' THEN r.vehicle ELSE r.operator END) AS target,
  r.wave,
  '省级面包车交通安全整治专项行动方案' AS order_number,
  CASE WHEN r.operator = '' THEN 'van' ELSE 'operator' END AS holder,
  nullif(r.operator, '') AS operator,
  nullif(r.name, '') AS name,
  nullif(r.vehicle, '') AS vehicle,
  r.vans,
  r.figure
FROM ranked r
JOIN hands h ON h.district = r.district
WHERE r.place <= greatest(1, floor(h.officers * r.capacity / 10.0))
