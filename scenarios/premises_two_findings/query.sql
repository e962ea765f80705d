-- Premises with equipment past its service date whose permit has lapsed too, one row each. Each side is summed up before they are put together.
WITH past AS (
  SELECT s.serving, s.territory, s.today, e.premises, sum(e.pieces) AS pieces
  FROM fire_equipment e
  JOIN serving s ON e.service_due < s.today
  GROUP BY s.serving, s.territory, s.today, s.least, e.premises
  HAVING sum(e.pieces) >= s.least
),
permitted AS (
  SELECT p.holder, max(p.valid_until) AS until FROM permits p WHERE p.vehicle IS NULL GROUP BY p.holder
)
SELECT
  e.serving,
  m.premises AS subject,
  m.place AS territory,
  concat(m.name, '有 ', CAST(e.pieces AS VARCHAR), ' 件消防器材过了维保日期，许可也在 ', CAST(p.until AS VARCHAR), ' 到期') AS reason_zh,
  concat(CAST(e.pieces AS VARCHAR), ' pieces past their service date at ', m.name, ', and its permit lapsed on ', CAST(p.until AS VARCHAR)) AS reason_en,
  m.name,
  m.kind,
  e.pieces,
  p.until AS lapsed
FROM past e
JOIN premises m ON m.premises = e.premises
JOIN permitted p ON p.holder = m.credit_code
WHERE p.until < e.today AND starts_with(m.place, e.territory)
