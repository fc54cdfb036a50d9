-- Promotional messages by week, for the calendar.
-- Grain: week.
-- Columns: those of the view flood_by_week.
-- Why: the chart draws what the view says and nothing else.
SELECT week_on, promotional_messages, senders, messages FROM flood_by_week ORDER BY week_on
