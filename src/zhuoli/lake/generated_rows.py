"""How the rows of the drawn registers come about: their number, and one SQL statement each.

``u(a, what)`` is a number in [0, 1) that follows from a, what and the seed; ``pick(a, what, n)`` a whole number below n;
``spot(a, what)`` a place of the table ``spread``.
"""

from __future__ import annotations

ROWS: dict[str, tuple[int, str]] = {}


def _add(name: str, count: int, sql: str) -> None:
    ROWS[name] = (count, sql.replace("{n}", str(count)))


_add(
    "operators",
    1_500,
    """
SELECT c.code AS credit_code, left(d.name, 6) || '示例' || ['客运', '旅游汽车', '汽车租赁', '运输'][1 + k] || lpad(CAST(i AS VARCHAR), 4, '0') || '公司' AS name,
       s.county, ['passenger', 'tourist', 'rental', 'freight'][1 + k] AS kind, today() - pick(i, 'updated', 60) AS updated,
       '1390000' || lpad(CAST(i AS VARCHAR), 4, '0') AS contact_phone
FROM (SELECT i, CASE WHEN u(i, 'kind') < 0.3 THEN 0 ELSE pick(i, 'kind2', 4) END AS k FROM range({n}) AS r(i)) r
JOIN codes c USING (i) JOIN spread s ON s.at = spot(i, 'operators') JOIN divisions d ON d.code = s.county
""",
)
_add(
    "vans",
    48_000,
    """
WITH o AS (SELECT credit_code, county, row_number() OVER (PARTITION BY county ORDER BY credit_code) - 1 AS at,
                  count(*) OVER (PARTITION BY county) AS many FROM operators WHERE kind <> 'freight'),
v AS (SELECT i, s.county, u(i, 'use') < 0.2 AS hire, today() - 200 - pick(i, 'age', CASE WHEN u(i, 'use') < 0.2 THEN 3550 ELSE 5000 END) AS registered
      FROM range({n}) AS r(i) JOIN spread s ON s.at = spot(i, 'van'))
SELECT 'V' || lpad(CAST(i AS VARCHAR), 7, '0') AS vehicle,
       '甘' || ['A','B','C','D','E','F','G','H','J','K','L','M','N','P'][1 + i % 14] || lpad(CAST(10000 + i // 14 AS VARCHAR), 5, '0') AS plate,
       7 + pick(i, 'seats', 3) AS seats, CASE WHEN o.credit_code IS NULL THEN 'private' ELSE 'operating' END AS use,
       o.credit_code AS operator, v.county, v.registered,
       CASE WHEN u(i, 'late') < 0.05 THEN today() - 1 - pick(i, 'days', 240) ELSE today() + pick(i, 'days', 365) END AS inspection_due,
       CAST(v.registered + INTERVAL (CASE WHEN o.credit_code IS NULL THEN 15 ELSE 10 END) YEAR AS DATE) AS scrap_due
FROM v LEFT JOIN o ON v.hire AND o.county = v.county AND o.at = pick(i, 'operator', 1000) % o.many
""",
)
_add(
    "inspections",
    70_000,
    """
SELECT 'J' || lpad(CAST(i AS VARCHAR), 8, '0') AS inspection, 'V' || lpad(CAST(pick(i, 'van', 48000) AS VARCHAR), 7, '0') AS vehicle,
       today() - 1 - pick(i, 'day', 720) AS inspected, CASE WHEN u(i, 'ok') < 0.93 THEN 'passed' ELSE 'failed' END AS outcome
FROM range({n}) AS r(i)
""",
)
_add(
    "violations",
    90_000,
    """
SELECT 'W' || lpad(CAST(i AS VARCHAR), 8, '0') AS violation, v.vehicle, today() - pick(i, 'day', 1095) AS happened,
       ['overcrowding', 'speeding', 'fatigue', 'signals', 'wrong_side', 'parking', 'parking', 'parking', 'papers', 'papers'][1 + pick(i, 'kind', 10)] AS kind,
       v.county, u(i, 'settled') < 0.9 AS settled
FROM (SELECT i, 'V' || lpad(CAST(CAST(floor(pow(u(i, 'van'), 2) * 48000) AS BIGINT) AS VARCHAR), 7, '0') AS vehicle FROM range({n}) AS r(i)) r
JOIN vans v USING (vehicle)
""",
)
_add(
    "route_counts",
    3_000,
    """
SELECT vehicle, week, from_county, to_county, CAST(trips AS BIGINT) AS trips FROM (
  SELECT v.vehicle, CAST(date_trunc('week', today()) AS DATE) - CAST(7 * w.w AS INTEGER) AS week, v.county AS from_county, s.county AS to_county,
         CASE WHEN u(i, 'often') < 0.12 THEN 8 + pick(i * 100 + w.w, 'trips', 12) ELSE 1 + pick(i * 100 + w.w, 'trips', 4) END AS trips
  FROM range({n}) AS r(i) JOIN vans v ON v.vehicle = 'V' || lpad(CAST(i * 16 AS VARCHAR), 7, '0')
  JOIN spread s ON s.at = spot(i, 'route') JOIN range(1, 13) AS w(w) ON u(i * 100 + w.w, 'seen') < 0.9)
""",
)
_add(
    "road_spots",
    6_000,
    """
SELECT 'R' || lpad(CAST(i AS VARCHAR), 6, '0') AS spot,
       t.name || ['路口', '路段', '农村道路'][1 + pick(i, 'road', 3)] || ' ' || row_number() OVER (PARTITION BY v.township, pick(i, 'road', 3) ORDER BY i) AS name,
       ['junction', 'section', 'rural'][1 + pick(i, 'road', 3)] AS road_kind, s.place, s.county
FROM range({n}) AS r(i) JOIN spread s ON s.at = spot(i, 'accident') JOIN villages v ON v.code = s.place JOIN divisions t ON t.code = v.township
""",
)
_add(
    "accidents",
    18_000,
    """
SELECT 'S' || lpad(CAST(i AS VARCHAR), 8, '0') AS accident,
       CAST(today() - CASE WHEN u(spot, 'worse') < 0.02 AND u(i, 'turn') < 0.5 THEN pick(i, 'day', 180) ELSE pick(i, 'day', 1095) END AS TIMESTAMP) + to_minutes(pick(i, 'minute', 1440)) AS happened,
       'R' || lpad(CAST(spot AS VARCHAR), 6, '0') AS spot, ['junction', 'section', 'rural'][1 + pick(spot, 'road', 3)] AS road_kind,
       s.county, CASE WHEN u(i, 'dead') < 0.02 THEN 1 ELSE 0 END AS deaths, pick(i, 'hurt', 3) AS injured,
       round(u(i, 'loss') * 20000, 2) AS loss, u(i, 'is van') < 0.08 AS van
FROM (SELECT i, CAST(floor(pow(u(i, 'spot'), 1.6) * 6000) AS BIGINT) AS spot FROM range({n}) AS r(i)) r
JOIN spread s ON s.at = spot(spot, 'accident')
""",
)
_add(
    "premises",
    12_000,
    """
SELECT 'P' || lpad(CAST(i AS VARCHAR), 6, '0') AS premises, c.code AS credit_code,
       left(d.name, 6) || '示例' || ['宾馆', '制造厂', '仓储', '商行', '餐厅', '加油站', '民爆库'][1 + k] || lpad(CAST(i AS VARCHAR), 5, '0') || '号' AS name,
       ['hotel', 'factory', 'warehouse', 'shop', 'restaurant', 'fuel', 'explosives'][1 + k] AS kind, s.place, s.county
FROM (SELECT i, CASE WHEN u(i, 'kind') < 0.02 THEN 6 WHEN u(i, 'kind') < 0.06 THEN 5 ELSE pick(i, 'kind2', 5) END AS k FROM range({n}) AS r(i)) r
JOIN codes c USING (i) JOIN spread s ON s.at = spot(i, 'premises') JOIN divisions d ON d.code = s.county
""",
)
_add(
    "fire_equipment",
    40_000,
    """
SELECT 'X' || lpad(CAST(i AS VARCHAR), 7, '0') AS item, p.premises, ['dry_powder', 'dry_powder', 'water', 'co2', 'hydrant', 'alarm'][1 + pick(i, 'kind', 6)] AS kind,
       1 + pick(i, 'pieces', 30) AS pieces, today() - 100 - pick(i, 'made', 2400) AS made,
       CASE WHEN u(p.premises, 'careless') < 0.02 AND u(i, 'late') < 0.6 THEN today() - 1 - pick(i, 'days', 200) ELSE today() + pick(i, 'days', 500) END AS service_due,
       p.county
FROM range({n}) AS r(i) JOIN premises p ON p.premises = 'P' || lpad(CAST(pick(i, 'premises', 12000) AS VARCHAR), 6, '0')
""",
)
_add(
    "permits",
    0,
    """
SELECT 'K' || lpad(CAST(row_number() OVER (ORDER BY kind, holder, vehicle) AS VARCHAR), 7, '0') AS permit, kind, holder, vehicle,
       valid_until - 1460 AS valid_from, valid_until, county
FROM (
  SELECT 'road_transport' AS kind, credit_code AS holder, NULL AS vehicle, county, today() - 60 + pick(credit_code, 'until', 1400) AS valid_until FROM operators
  UNION ALL
  SELECT 'passenger_line', operator, vehicle, county, today() - 40 + pick(vehicle, 'until', 1400) FROM vans WHERE use = 'operating' AND u(vehicle, 'line') < 0.6
  UNION ALL
  SELECT CASE kind WHEN 'hotel' THEN 'hotel' WHEN 'fuel' THEN 'fuel' ELSE 'explosives' END, credit_code, NULL, county,
         CASE WHEN u(premises, 'careless') < 0.02 AND u(premises, 'lapsed') < 0.5 THEN today() - 3 - pick(premises, 'until', 60)
              WHEN u(premises, 'lapsed') < 0.03 THEN today() - 1 - pick(premises, 'until', 30) ELSE today() + pick(premises, 'until', 1400) END
  FROM premises WHERE kind IN ('hotel', 'fuel', 'explosives'))
""",
)
