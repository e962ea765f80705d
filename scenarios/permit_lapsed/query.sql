-- Holders whose permits of one kind have lapsed and were not renewed, one row for each holder and kind.
SELECT
  s.serving,
  p.holder AS subject,
  p.county AS territory,
  concat(coalesce(o.name, m.name, p.holder), '有 ', CAST(count(*) AS VARCHAR), ' 张许可到期没有续，最早的 ', CAST(min(p.valid_until) AS VARCHAR)) AS reason_zh,
  concat(CAST(count(*) AS VARCHAR), CASE WHEN count(*) = 1 THEN ' permit of ' ELSE ' permits of ' END, coalesce(o.name, m.name, p.holder), ' lapsed and not renewed, the earliest on ', CAST(min(p.valid_until) AS VARCHAR)) AS reason_en,
  concat(p.holder, '/', p.kind) AS what,
  coalesce(o.name, m.name, p.holder) AS name,
  p.kind,
  count(*) AS permits,
  min(p.valid_until) AS oldest
FROM permits p
JOIN serving s ON starts_with(p.county, s.territory) AND p.valid_until < s.today - s.grace AND p.valid_until >= s.today - s.back
LEFT JOIN permits n ON n.holder = p.holder AND n.kind = p.kind AND coalesce(n.vehicle, '') = coalesce(p.vehicle, '') AND n.valid_until >= s.today
LEFT JOIN operators o ON o.credit_code = p.holder
LEFT JOIN premises m ON m.credit_code = p.holder
WHERE n.permit IS NULL
GROUP BY s.serving, p.holder, p.county, p.kind, o.name, m.name
