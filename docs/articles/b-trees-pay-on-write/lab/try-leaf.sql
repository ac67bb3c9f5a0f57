SELECT name, block, type, live_items, free_size
  FROM unnest(ARRAY['s_up', 's_down']) AS name, generate_series(4, 6) AS block, bt_page_stats(name, block);
