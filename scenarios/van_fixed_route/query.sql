-- Vans on one frequent line without a permit for it, the busiest line of each. Weekly sums only; no plate and no passage is read.
WITH busy AS (
  SELECT s.serving, s.today, r.vehicle, r.from_county, r.to_county, count(*) AS weeks, sum(r.trips) AS trips
  FROM route_counts r
  JOIN serving s ON starts_with(r.from_county, s.territory) AND r.week >= s.today - 7 * s.back AND r.trips >= s.trips
  WHERE r.from_county <> r.to_county
  GROUP BY s.serving, s.today, s.weeks, r.vehicle, r.from_county, r.to_county
  HAVING count(*) >= s.weeks
),
busiest AS (
  SELECT b.serving, b.today, b.vehicle, b.from_county, b.to_county, b.weeks, b.trips,
    row_number() OVER (PARTITION BY b.serving, b.vehicle ORDER BY b.trips DESC, b.to_county, b.from_county) AS place
  FROM busy b
)
SELECT
  b.serving,
  b.vehicle AS subject,
  b.from_county AS territory,
  concat('往返 ', f.name, ' 和 ', t.name, '，有 ', CAST(b.weeks AS VARCHAR), ' 周达到高频，共 ', CAST(b.trips AS VARCHAR), ' 次，没有有效的班线许可') AS reason_zh,
  concat(CAST(b.trips AS VARCHAR), ' trips between two counties in ', CAST(b.weeks AS VARCHAR), ' busy weeks without a valid line permit') AS reason_en,
  v.use,
  concat(f.name, '—', t.name) AS line,
  b.weeks,
  b.trips
FROM busiest b
JOIN vans v ON v.vehicle = b.vehicle
JOIN divisions f ON f.code = b.from_county
JOIN divisions t ON t.code = b.to_county
LEFT JOIN permits p ON p.vehicle = b.vehicle AND p.kind = 'passenger_line' AND p.valid_until >= b.today
WHERE b.place = 1 AND p.permit IS NULL
