-- Holders of a permit for explosives or dangerous chemicals that ends soon and has no successor yet, one row each.
SELECT
  s.serving,
  p.holder AS subject,
  m.place AS territory,
  concat(m.name, CASE WHEN p.kind = 'explosives' THEN '的民爆储存许可 ' ELSE '的危化品经营许可 ' END, CAST(max(p.valid_until) AS VARCHAR), ' 到期，还没有续') AS reason_zh,
  concat('The permit of ', m.name, ' ends on ', CAST(max(p.valid_until) AS VARCHAR), ' and has not been renewed') AS reason_en,
  m.name,
  p.kind,
  max(p.valid_until) AS until
FROM permits p
JOIN premises m ON m.credit_code = p.holder
JOIN serving s ON starts_with(p.county, s.territory) AND p.valid_until >= s.today
WHERE p.kind IN ('explosives', 'fuel')
GROUP BY s.serving, s.today, s.days, p.holder, p.kind, m.place, m.name
HAVING max(p.valid_until) <= s.today + s.days
