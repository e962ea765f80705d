-- Premises with equipment due for service soon, and none past its date yet, one row each.
SELECT
  s.serving,
  p.premises AS subject,
  p.place AS territory,
  concat(p.name, '有 ', CAST(sum(e.pieces) AS VARCHAR), ' 件消防器材 ', CAST(s.days AS VARCHAR), ' 天内到期，最早的是 ', CAST(min(e.service_due) AS VARCHAR)) AS reason_zh,
  concat(CAST(sum(e.pieces) AS VARCHAR), ' pieces at ', p.name, ' are due for service within ', CAST(s.days AS VARCHAR), ' days, the earliest on ', CAST(min(e.service_due) AS VARCHAR)) AS reason_en,
  p.name,
  p.kind,
  sum(e.pieces) AS pieces,
  min(e.service_due) AS soonest
FROM fire_equipment e
JOIN premises p ON p.premises = e.premises
JOIN serving s ON starts_with(p.place, s.territory) AND e.service_due <= s.today + s.days
GROUP BY s.serving, s.today, s.days, s.least, p.premises, p.place, p.name, p.kind
HAVING min(e.service_due) >= s.today AND sum(e.pieces) >= s.least
