PRAGMA application_id = 1111577678;
PRAGMA user_version = 17;
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  bot TEXT NOT NULL,
  session TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  control TEXT NOT NULL CHECK (control IN ('bot', 'queue', 'agent', 'nobody')),
  conversation_id TEXT,
  agent_id TEXT,
  facts TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, previous_conversation_id TEXT, returned_at INTEGER, notice TEXT, follows TEXT, follows_epoch INTEGER, quiet_since INTEGER NOT NULL DEFAULT 0,
  UNIQUE (bot, session)
) STRICT;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  content_key BLOB,
  bot TEXT NOT NULL,
  source TEXT NOT NULL,
  session_id INTEGER REFERENCES sessions (id),
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'ignored')),
  rule TEXT,
  why TEXT,
  handoff_id TEXT,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL
, message TEXT, left_out TEXT, epoch INTEGER) STRICT;
CREATE TABLE handoffs (
  id TEXT PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  bot TEXT NOT NULL,
  session TEXT NOT NULL,
  flow TEXT NOT NULL,
  account TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  token TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL
    CHECK (state IN ('pending', 'deferred', 'routed', 'assigned', 'returned', 'parked', 'cancelled')),
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT,
  decision TEXT NOT NULL,
  routed_by TEXT NOT NULL CHECK (routed_by IN ('baton', 'answers')),
  keep_queue TEXT NOT NULL CHECK (keep_queue IN ('leave', 'enforce')),
  conversation_id TEXT,
  agent_id TEXT,
  replaces TEXT NOT NULL,
  parked_because TEXT,
  due_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  routed_at INTEGER
, parked_for TEXT CHECK (parked_for IN ('person', 'credentials')), replacements INTEGER NOT NULL DEFAULT 0, continues TEXT, deferred_until INTEGER, waited INTEGER NOT NULL DEFAULT 0, alerted_at INTEGER, returned_because TEXT
  CHECK (returned_because IN ('solved', 'closed', 'deleted', 'given-to-bot', 'waited', 'nobody-there')), left_at INTEGER, told_until INTEGER, words_at INTEGER, on_channel INTEGER CHECK (on_channel IN (0, 1)), failures INTEGER NOT NULL DEFAULT 0, waiting_since INTEGER, late_at INTEGER, ended_at INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE steps (
  handoff_id TEXT NOT NULL REFERENCES handoffs (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  arguments TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'unknown', 'done', 'skipped', 'refused')),
  sends INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  first_sent_at INTEGER,
  next_at INTEGER NOT NULL,
  lease_until INTEGER,
  result TEXT, tries INTEGER NOT NULL DEFAULT 0, tries_since INTEGER, sent_at INTEGER,
  PRIMARY KEY (handoff_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
  handoff_id TEXT NOT NULL REFERENCES handoffs (id),
  position INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('ok', 'refused', 'unknown')),
  status INTEGER,
  request_id TEXT,
  code TEXT,
  PRIMARY KEY (handoff_id, position, fence)
) STRICT, WITHOUT ROWID;
CREATE TABLE idempotency (
  bot TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  handoff_id TEXT,
  answer TEXT,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (bot, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE scratch (filler BLOB NOT NULL) STRICT;
CREATE TABLE conversations (
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('unknown', 'open', 'solved', 'closed', 'deleted')),
  status_at INTEGER NOT NULL,
  assignee TEXT NOT NULL CHECK (assignee IN ('unknown', 'none', 'bot', 'human')),
  agent_id TEXT,
  agent_name TEXT,
  assignee_at INTEGER NOT NULL,
  queue_id TEXT,
  queue_at INTEGER NOT NULL,
  customer_messages INTEGER NOT NULL,
  agent_messages INTEGER NOT NULL,
  heard_at INTEGER NOT NULL, agent_wrote_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE callbacks (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  bot TEXT NOT NULL,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  handoff_id TEXT REFERENCES handoffs (id),
  type TEXT NOT NULL,
  data TEXT,
  state TEXT NOT NULL CHECK (state IN ('ready', 'sent', 'done', 'refused')),
  tries INTEGER NOT NULL,
  tries_since INTEGER,
  next_at INTEGER,
  lease_until INTEGER,
  fence INTEGER NOT NULL,
  created_at INTEGER NOT NULL
, set_aside_because TEXT) STRICT;
CREATE TABLE callback_attempts (
  callback_id TEXT NOT NULL REFERENCES callbacks (id),
  fence INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT CHECK (outcome IN ('ok', 'refused', 'unknown')),
  status INTEGER,
  code TEXT,
  PRIMARY KEY (callback_id, fence)
) STRICT, WITHOUT ROWID;
CREATE TABLE secret_uses (
  bot TEXT NOT NULL,
  salt TEXT NOT NULL,
  hash TEXT NOT NULL,
  known_since INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (bot, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE former_keys (received_until INTEGER NOT NULL) STRICT;
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  operator TEXT NOT NULL,
  act TEXT NOT NULL,
  bot TEXT,
  handoff_id TEXT,
  callback_id TEXT,
  request_id TEXT NOT NULL,
  -- Null until the act has ended.
  outcome TEXT
) STRICT;
INSERT INTO sessions VALUES (1, 'day-bot', 'talking', 1, 'bot', NULL, NULL, '{"customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","channel":null,"fallbacks":0,"errors":0,"isAnswerable":true,"isDeclined":false}', 1, 1795262400000, 1795262400000, NULL, NULL, NULL, NULL, NULL, 1795262400000);
INSERT INTO sessions VALUES (2, 'day-bot', 'routed', 1, 'queue', '00000000000000000000000000000001', NULL, '{"customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","channel":null,"fallbacks":0,"errors":0,"isAnswerable":true,"isDeclined":false}', 3, 1795262401000, 1795262401000, NULL, NULL, NULL, NULL, NULL, 1795262401000);
INSERT INTO sessions VALUES (3, 'day-bot', 'assigned', 1, 'agent', '00000000000000000000000000000003', '5EED00000000000000000000000000B1', '{"customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","channel":null,"fallbacks":0,"errors":0,"isAnswerable":true,"isDeclined":false}', 4, 1795262402000, 1795262403000, NULL, NULL, NULL, NULL, NULL, 1795262402000);
INSERT INTO sessions VALUES (4, 'day-bot', 'returned', 2, 'bot', NULL, NULL, '{"customer":{"name":"Ana","phone":"+385912345678"},"attributes":{},"language":null,"channel":null,"fallbacks":0,"errors":0,"isAnswerable":false,"isDeclined":false}', 5, 1795262403000, 1795262405000, '00000000000000000000000000000005', 1795262405000, 'I am back.', NULL, NULL, 1795262403000);
INSERT INTO sessions VALUES (5, 'night-bot', 'deferred', 1, 'bot', NULL, NULL, '{"customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","channel":null,"fallbacks":0,"errors":0,"isAnswerable":true,"isDeclined":false}', 1, 1795262405000, 1795262405000, NULL, NULL, NULL, NULL, NULL, 1795262405000);
INSERT INTO sessions VALUES (6, 'day-bot', 'keyed', 1, 'queue', '00000000000000000000000000000007', NULL, '{"customer":{},"attributes":{},"language":null,"channel":null,"fallbacks":0,"errors":0,"isAnswerable":false,"isDeclined":false}', 3, 1795262406000, 1795262406000, NULL, NULL, NULL, NULL, NULL, 1795262406000);
INSERT INTO sessions VALUES (7, 'day-bot', '385912345678', 1, 'queue', '00000000000000000000000000000009', NULL, '{"customer":{"phone":"385912345678"},"attributes":{},"language":null,"channel":null,"fallbacks":0,"errors":0,"isAnswerable":false,"isDeclined":false}', 3, 1795262407000, 1795262407000, NULL, NULL, NULL, NULL, NULL, 1795262407000);
INSERT INTO sessions VALUES (8, 'day-bot', 'parked', 1, 'bot', NULL, NULL, '{"customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","channel":null,"fallbacks":0,"errors":0,"isAnswerable":true,"isDeclined":false}', 2, 1795262408000, 1795262408000, NULL, NULL, NULL, NULL, NULL, 1795262408000);
INSERT INTO events VALUES (1, x'bab1bef4f428f1dcdff60ebffc2ace39', NULL, 'day-bot', 'baton', 1, 'talking-1', 'customer.message', '{"id":"talking-1","session":"talking","at":"2026-11-21T12:00:00Z","customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","type":"customer.message","text":"Do you have red shoes?"}', 'accepted', NULL, NULL, NULL, 1795262400000, 1795262400000, NULL, NULL, 1);
INSERT INTO events VALUES (2, x'453dbcc2c8d259d97957dd0365762e03', NULL, 'day-bot', 'baton', 2, 'routed-1', 'customer.message', '{"id":"routed-1","session":"routed","at":"2026-11-21T12:00:00Z","customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","type":"customer.message","text":"a human, please"}', 'accepted', 'customer-asked', '[{"key":"text","expected":{"contains":["a human"]},"saw":"a human","held":true}]', '01H0001', 1795262400000, 1795262401000, NULL, NULL, 1);
INSERT INTO events VALUES (3, x'74638c1ae356169ad40322ed016fba4d', NULL, '', 'conversations', NULL, 'content-DhJl-eAKHC5tfp9qMRdc_12IoTjR8Gb-H4uV5ZKJO70', 'conversation.opened', '{"type":"conversation.opened","conversationId":"00000000000000000000000000000001","at":1795262401000,"status":"open","account":"default","wireType":"CONVERSATION_CREATED"}', 'accepted', NULL, NULL, NULL, 1795262401000, 1795262401000, NULL, NULL, NULL);
INSERT INTO events VALUES (4, x'a187a71ebe4d72b9ca8614e1c95271ad', NULL, 'day-bot', 'baton', 3, 'assigned-1', 'customer.message', '{"id":"assigned-1","session":"assigned","at":"2026-11-21T12:00:00Z","customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","type":"customer.message","text":"a human, please"}', 'accepted', 'customer-asked', '[{"key":"text","expected":{"contains":["a human"]},"saw":"a human","held":true}]', '01H0002', 1795262400000, 1795262402000, NULL, NULL, 1);
INSERT INTO events VALUES (5, x'dc0abaff432dc2cfdcaeed070fc52e36', NULL, '', 'conversations', NULL, 'content-wR8Q14ML-hRQDfPMhgrusseWr2TM6Jd_RypxV9CMCB0', 'conversation.opened', '{"type":"conversation.opened","conversationId":"00000000000000000000000000000003","at":1795262402000,"status":"open","account":"default","wireType":"CONVERSATION_CREATED"}', 'accepted', NULL, NULL, NULL, 1795262402000, 1795262402000, NULL, NULL, NULL);
INSERT INTO events VALUES (6, x'7c468aede459c873130dc7703ebcfc24', NULL, 'day-bot', 'conversations', 3, 'content-n8tfckEajfGwm7oRKs2NlP029DLXg8g2Z-E7i0lgcCI', 'conversation.assigned', '{"type":"conversation.assigned","conversationId":"00000000000000000000000000000003","at":1795262403000,"assignee":{"kind":"human","id":"5EED00000000000000000000000000B1","name":"Ana Horvat"},"account":"default","wireType":"CONVERSATION_ASSIGNMENT_UPDATED"}', 'accepted', NULL, NULL, '01H0002', 1795262403000, 1795262403000, NULL, NULL, NULL);
INSERT INTO events VALUES (7, x'1291e0a6499c8de880d2997a3ad4d06f', NULL, 'day-bot', 'baton', 4, 'returned-1', 'customer.message', '{"id":"returned-1","session":"returned","at":"2026-11-21T12:00:00Z","customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","type":"customer.message","text":"a human, please"}', 'accepted', 'customer-asked', '[{"key":"text","expected":{"contains":["a human"]},"saw":"a human","held":true}]', '01H0003', 1795262400000, 1795262403000, NULL, NULL, 1);
INSERT INTO events VALUES (8, x'b82b63dac558b429eff17d60343f6428', NULL, '', 'conversations', NULL, 'content-WZYevkr-YOCFxArUO2DhOiGcJpeszbXZ1LQdLNHZCOg', 'conversation.opened', '{"type":"conversation.opened","conversationId":"00000000000000000000000000000005","at":1795262403000,"status":"open","account":"default","wireType":"CONVERSATION_CREATED"}', 'accepted', NULL, NULL, NULL, 1795262403000, 1795262403000, NULL, NULL, NULL);
INSERT INTO events VALUES (9, x'4d485347c34623f318d705b2f67d1a5d', NULL, 'day-bot', 'conversations', 4, 'content-ZsEPXxRStHwseNmSSyIyu3BzOlmKZKcUXCt21dme_04', 'conversation.assigned', '{"type":"conversation.assigned","conversationId":"00000000000000000000000000000005","at":1795262404000,"assignee":{"kind":"human","id":"5EED00000000000000000000000000B1","name":"Ana Horvat"},"account":"default","wireType":"CONVERSATION_ASSIGNMENT_UPDATED"}', 'accepted', NULL, NULL, '01H0003', 1795262404000, 1795262404000, NULL, NULL, NULL);
INSERT INTO events VALUES (10, x'f85cde417b915487a572f440d3c3e2f3', NULL, 'day-bot', 'conversations', 4, 'content-YEhSZX3MRFYme5EeFZiIjwA7zfFtuRTwbA2itQCwtYQ', 'conversation.status', '{"type":"conversation.status","conversationId":"00000000000000000000000000000005","at":1795262405000,"assignee":{"kind":"human","id":"5EED00000000000000000000000000B1","name":"Ana Horvat"},"status":"solved","account":"default","wireType":"CONVERSATION_STATUS_UPDATED"}', 'accepted', NULL, NULL, '01H0003', 1795262405000, 1795262405000, NULL, NULL, NULL);
INSERT INTO events VALUES (11, x'dc3a4e8f702b1f35f5a60d79411e8303', NULL, 'night-bot', 'baton', 5, 'deferred-1', 'customer.message', '{"id":"deferred-1","session":"deferred","at":"2026-11-21T12:00:00Z","customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","type":"customer.message","text":"a human, please"}', 'accepted', 'customer-asked', '[{"key":"text","expected":{"contains":["a human"]},"saw":"a human","held":true}]', '01H0004', 1795262400000, 1795262405000, NULL, NULL, 1);
INSERT INTO events VALUES (12, x'4cf2eb24d07b0df1ae59be5131027106', NULL, 'day-bot', 'baton', 6, 'key-fDXFoXhdIHBORNXeS-uBwfzpG2_kjtfDFZr29_gyB4s', 'handoff.requested', '{"id":"key-fDXFoXhdIHBORNXeS-uBwfzpG2_kjtfDFZr29_gyB4s","session":"keyed","at":"2026-11-21T12:00:06.000Z","type":"handoff.requested","reason":"call me back"}', 'accepted', 'customer-asked', '[{"key":"event","expected":["handoff.requested"],"saw":"handoff.requested","held":true}]', '01H0005', 1795262406000, 1795262406000, NULL, NULL, 1);
INSERT INTO events VALUES (13, x'670318c2d2f8b71f069f7e36d3534672', NULL, '', 'conversations', NULL, 'content-b3VNkrIrw9sNj-sSH2b7brOkWvLhqThUS31-uPepZG4', 'conversation.opened', '{"type":"conversation.opened","conversationId":"00000000000000000000000000000007","at":1795262406000,"status":"open","account":"default","wireType":"CONVERSATION_CREATED"}', 'accepted', NULL, NULL, NULL, 1795262406000, 1795262406000, NULL, NULL, NULL);
INSERT INTO events VALUES (14, x'6e3e567a24ccd6d4c50a888798bc2e03', x'1bc8a07213b524225c37bb06668bc179', 'day-bot', 'flow', 7, 'content-5utedU8oXgr3M5RGXBxr_jLJzR-6NujiVqLg5Lv9kyY', 'handoff.requested', '{"id":"content-5utedU8oXgr3M5RGXBxr_jLJzR-6NujiVqLg5Lv9kyY","session":"385912345678","at":"2026-11-21T12:00:07.000Z","customer":{"phone":"385912345678"},"type":"handoff.requested","transcript":[{"author":"customer","text":"where is my parcel"}]}', 'accepted', 'customer-asked', '[{"key":"event","expected":["handoff.requested"],"saw":"handoff.requested","held":true}]', '01H0006', 1795262407000, 1795262407000, NULL, NULL, 1);
INSERT INTO events VALUES (15, x'fa3fc4b9a4db3778f31d2fa496131c97', NULL, '', 'conversations', NULL, 'content-lSEeu4uZ1YFXpc_Jpg9UGV5b4ig1wryOGJwzXuxF0sQ', 'conversation.opened', '{"type":"conversation.opened","conversationId":"00000000000000000000000000000009","at":1795262407000,"status":"open","account":"default","wireType":"CONVERSATION_CREATED"}', 'accepted', NULL, NULL, NULL, 1795262407000, 1795262407000, NULL, NULL, NULL);
INSERT INTO events VALUES (16, x'f33ca5afec77f8efb3d3f065d090343f', NULL, 'day-bot', 'baton', 8, 'parked-1', 'customer.message', '{"id":"parked-1","session":"parked","at":"2026-11-21T12:00:00Z","customer":{"name":"Ana","phone":"+385912345678"},"attributes":{"orderId":"A-1042","items":3,"gift":true},"language":"hr","type":"customer.message","text":"a human, please"}', 'accepted', 'customer-asked', '[{"key":"text","expected":{"contains":["a human"]},"saw":"a human","held":true}]', '01H0007', 1795262400000, 1795262408000, NULL, NULL, 1);
INSERT INTO handoffs VALUES ('01H0001', 2, 'day-bot', 'routed', 'day', 'default', 1, 'ho-01H0001', 'routed', 'customer-asked', 'customer-asked', 'I am passing you to a colleague.', '{"tags":["bot_handoff"],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[{"afterMs":900000,"message":"Thank you for waiting.","priority":null,"tags":[],"giveBack":false}],"handBack":{"when":"solved","removeTags":["bot_handoff"],"message":"I am back."},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":null}', 'baton', 'enforce', '00000000000000000000000000000001', NULL, '[]', NULL, 1795263301000, 1795262401000, 1795262401000, 1795262401000, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, 2, NULL, 0, 0, 1795262401000, 1795262701000, NULL);
INSERT INTO handoffs VALUES ('01H0002', 3, 'day-bot', 'assigned', 'day', 'default', 1, 'ho-01H0002', 'assigned', 'customer-asked', 'customer-asked', 'I am passing you to a colleague.', '{"tags":["bot_handoff"],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[{"afterMs":900000,"message":"Thank you for waiting.","priority":null,"tags":[],"giveBack":false}],"handBack":{"when":"solved","removeTags":["bot_handoff"],"message":"I am back."},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":null}', 'baton', 'enforce', '00000000000000000000000000000003', '5EED00000000000000000000000000B1', '[]', NULL, NULL, 1795262402000, 1795262403000, 1795262402000, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, 4, NULL, 0, 0, NULL, NULL, NULL);
INSERT INTO handoffs VALUES ('01H0003', 4, 'day-bot', 'returned', 'day', 'default', 1, 'ho-01H0003', 'returned', 'customer-asked', 'customer-asked', 'I am passing you to a colleague.', '{"tags":[],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[{"afterMs":900000,"message":"Thank you for waiting.","priority":null,"tags":[],"giveBack":false}],"handBack":{"when":"solved","removeTags":["bot_handoff"],"message":"I am back."},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":null}', 'baton', 'enforce', '00000000000000000000000000000005', '5EED00000000000000000000000000B1', '[]', NULL, NULL, 1795262403000, 1795262406000, 1795262403000, NULL, 0, NULL, NULL, 0, NULL, 'solved', NULL, 7, NULL, 0, 0, NULL, NULL, NULL);
INSERT INTO handoffs VALUES ('01H0004', 5, 'night-bot', 'deferred', 'night', 'default', 1, 'ho-01H0004', 'deferred', 'customer-asked', 'customer-asked', 'We are here on Monday.', '{"tags":[],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[],"handBack":{"when":"solved","removeTags":[],"message":null},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":1795420800000}', 'baton', 'enforce', NULL, NULL, '[]', NULL, 1795420800000, 1795262405000, 1795262406000, NULL, NULL, 0, NULL, 1795420800000, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
INSERT INTO handoffs VALUES ('01H0005', 6, 'day-bot', 'keyed', 'day', 'default', 1, 'ho-01H0005', 'routed', 'customer-asked', 'customer-asked', 'I am passing you to a colleague.', '{"tags":["bot_handoff"],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[{"afterMs":900000,"message":"Thank you for waiting.","priority":null,"tags":[],"giveBack":false}],"handBack":{"when":"solved","removeTags":["bot_handoff"],"message":"I am back."},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":null}', 'baton', 'enforce', '00000000000000000000000000000007', NULL, '[]', NULL, 1795263306000, 1795262406000, 1795262406000, 1795262406000, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, 12, NULL, 0, 0, 1795262406000, 1795262706000, NULL);
INSERT INTO handoffs VALUES ('01H0006', 7, 'day-bot', '385912345678', 'day', 'default', 1, 'ho-01H0006', 'routed', 'customer-asked', 'customer-asked', 'I am passing you to a colleague.', '{"tags":["bot_handoff"],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[{"afterMs":900000,"message":"Thank you for waiting.","priority":null,"tags":[],"giveBack":false}],"handBack":{"when":"solved","removeTags":["bot_handoff"],"message":"I am back."},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":null}', 'baton', 'enforce', '00000000000000000000000000000009', NULL, '[]', NULL, 1795263307000, 1795262407000, 1795262407000, 1795262407000, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, 14, NULL, 0, 0, 1795262407000, 1795262707000, NULL);
INSERT INTO handoffs VALUES ('01H0007', 8, 'day-bot', 'parked', 'day', 'default', 1, 'ho-01H0007', 'parked', 'customer-asked', 'customer-asked', 'I am passing you to a colleague.', '{"tags":["bot_handoff"],"priority":"NORMAL","queue":null,"leftOut":{"tags":[],"queue":null,"priority":null},"texts":"return","noAgent":null,"waiting":[{"afterMs":900000,"message":"Thank you for waiting.","priority":null,"tags":[],"giveBack":false}],"handBack":{"when":"solved","removeTags":["bot_handoff"],"message":"I am back."},"whenCustomerLeaves":"keep","alertAfterMs":300000,"opensAt":null}', 'baton', 'enforce', NULL, NULL, '[]', 'the platform answered 403: check the account''s API key and its scope conversations:manage', NULL, 1795262408000, 1795262408000, NULL, 'credentials', 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
INSERT INTO steps VALUES ('01H0001', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Order A-1042","summary":"customer-asked · handed over by day-bot [ho-01H0001]","priority":"NORMAL","queue":null}', 'done', 1, 1, 1795262401000, 1795262401000, NULL, '{"kind":"conversation","conversationId":"00000000000000000000000000000001","assignee":"none","agentId":null,"queueId":null,"seenAt":1795262401000,"platformAt":1795262401000,"channel":null}', 1, 1795262401000, 1795262401000);
INSERT INTO steps VALUES ('01H0001', 1, 'tag:bot_handoff', '{"kind":"tag","tag":"bot_handoff"}', 'done', 1, 1, 1795262401000, 1795262401000, NULL, '{"kind":"plain"}', 1, 1795262401000, 1795262401000);
INSERT INTO steps VALUES ('01H0001', 2, 'note', '{"kind":"note","content":"Handed over by bot day-bot. Reason: customer-asked\nCustomer: Ana\nPhone: +385912345678\nLanguage: hr\nKnown:\n- orderId: A-1042\n- items: 3\n- gift: true\n\nTranscript (UTC, from 2026-11-21)\nCustomer 12:00: a human, please\n\n[ho-01H0001]","part":1}', 'done', 1, 1, 1795262401000, 1795262401000, NULL, '{"kind":"plain"}', 1, 1795262401000, 1795262401000);
INSERT INTO steps VALUES ('01H0001', 3, 'metadata', '{"kind":"metadata","data":{"baton_bot":"day-bot","baton_session":"routed","baton_handoff":"ho-01H0001","baton_reason":"customer-asked","baton_customer_name":"Ana","baton_customer_phone":"+385912345678","baton_language":"hr"}}', 'done', 1, 1, 1795262401000, 1795262401000, NULL, '{"kind":"plain"}', 1, 1795262401000, 1795262401000);
INSERT INTO steps VALUES ('01H0001', 4, 'route', '{"kind":"route"}', 'done', 1, 1, 1795262401000, 1795262401000, NULL, '{"kind":"route","queueId":"5EED00000000000000000000000000A1"}', 1, 1795262401000, 1795262401000);
INSERT INTO steps VALUES ('01H0001', 5, 'sweep', '{"kind":"sweep"}', 'skipped', 0, 0, NULL, 1795262491000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0002', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Order A-1042","summary":"customer-asked · handed over by day-bot [ho-01H0002]","priority":"NORMAL","queue":null}', 'done', 1, 1, 1795262402000, 1795262402000, NULL, '{"kind":"conversation","conversationId":"00000000000000000000000000000003","assignee":"none","agentId":null,"queueId":null,"seenAt":1795262402000,"platformAt":1795262402000,"channel":null}', 1, 1795262402000, 1795262402000);
INSERT INTO steps VALUES ('01H0002', 1, 'tag:bot_handoff', '{"kind":"tag","tag":"bot_handoff"}', 'done', 1, 1, 1795262402000, 1795262402000, NULL, '{"kind":"plain"}', 1, 1795262402000, 1795262402000);
INSERT INTO steps VALUES ('01H0002', 2, 'note', '{"kind":"note","content":"Handed over by bot day-bot. Reason: customer-asked\nCustomer: Ana\nPhone: +385912345678\nLanguage: hr\nKnown:\n- orderId: A-1042\n- items: 3\n- gift: true\n\nTranscript (UTC, from 2026-11-21)\nCustomer 12:00: a human, please\n\n[ho-01H0002]","part":1}', 'done', 1, 1, 1795262402000, 1795262402000, NULL, '{"kind":"plain"}', 1, 1795262402000, 1795262402000);
INSERT INTO steps VALUES ('01H0002', 3, 'metadata', '{"kind":"metadata","data":{"baton_bot":"day-bot","baton_session":"assigned","baton_handoff":"ho-01H0002","baton_reason":"customer-asked","baton_customer_name":"Ana","baton_customer_phone":"+385912345678","baton_language":"hr"}}', 'done', 1, 1, 1795262402000, 1795262402000, NULL, '{"kind":"plain"}', 1, 1795262402000, 1795262402000);
INSERT INTO steps VALUES ('01H0002', 4, 'route', '{"kind":"route"}', 'done', 1, 1, 1795262402000, 1795262402000, NULL, '{"kind":"route","queueId":"5EED00000000000000000000000000A1"}', 1, 1795262402000, 1795262402000);
INSERT INTO steps VALUES ('01H0002', 5, 'sweep', '{"kind":"sweep"}', 'skipped', 0, 0, NULL, 1795262492000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0003', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Order A-1042","summary":"customer-asked · handed over by day-bot [ho-01H0003]","priority":"NORMAL","queue":null}', 'done', 1, 1, 1795262403000, 1795262403000, NULL, '{"kind":"conversation","conversationId":"00000000000000000000000000000005","assignee":"none","agentId":null,"queueId":null,"seenAt":1795262403000,"platformAt":1795262403000,"channel":null}', 1, 1795262403000, 1795262403000);
INSERT INTO steps VALUES ('01H0003', 1, 'tag:bot_handoff', '{"kind":"tag","tag":"bot_handoff"}', 'done', 1, 1, 1795262403000, 1795262403000, NULL, '{"kind":"plain"}', 1, 1795262403000, 1795262403000);
INSERT INTO steps VALUES ('01H0003', 2, 'note', '{"kind":"note","content":"(The words of this note are not kept: the handoff is over.)\n[ho-01H0003]","part":1}', 'done', 1, 1, 1795262403000, 1795262403000, NULL, '{"kind":"plain"}', 1, 1795262403000, 1795262403000);
INSERT INTO steps VALUES ('01H0003', 3, 'metadata', '{"kind":"metadata","data":{"baton_bot":"day-bot","baton_session":"returned","baton_handoff":"ho-01H0003","baton_reason":"customer-asked","baton_customer_name":"Ana","baton_customer_phone":"+385912345678","baton_language":"hr"}}', 'done', 1, 1, 1795262403000, 1795262403000, NULL, '{"kind":"plain"}', 1, 1795262403000, 1795262403000);
INSERT INTO steps VALUES ('01H0003', 4, 'route', '{"kind":"route"}', 'done', 1, 1, 1795262403000, 1795262403000, NULL, '{"kind":"route","queueId":"5EED00000000000000000000000000A1"}', 1, 1795262403000, 1795262403000);
INSERT INTO steps VALUES ('01H0003', 5, 'sweep', '{"kind":"sweep"}', 'skipped', 0, 0, NULL, 1795262493000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0003', 6, 'untag:bot_handoff', '{"kind":"untag","tag":"bot_handoff"}', 'done', 1, 1, 1795262405000, 1795262405000, NULL, '{"kind":"plain"}', 1, 1795262405000, 1795262405000);
INSERT INTO steps VALUES ('01H0004', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Chat deferred","summary":"customer-asked · handed over by night-bot [ho-01H0004]","priority":"NORMAL","queue":null}', 'ready', 0, 0, NULL, 1795262405000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0004', 1, 'note', '{"kind":"note","content":null,"part":1}', 'ready', 0, 0, NULL, 1795262405000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0004', 2, 'metadata', '{"kind":"metadata","data":{"baton_bot":"night-bot","baton_session":"deferred","baton_handoff":"ho-01H0004","baton_reason":"customer-asked","baton_customer_name":"Ana","baton_customer_phone":"+385912345678","baton_language":"hr"}}', 'ready', 0, 0, NULL, 1795262405000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0004', 3, 'route', '{"kind":"route"}', 'ready', 0, 0, NULL, 1795262405000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0004', 4, 'sweep', '{"kind":"sweep"}', 'ready', 0, 0, NULL, 1795262405000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0005', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Chat keyed","summary":"customer-asked · handed over by day-bot [ho-01H0005]","priority":"NORMAL","queue":null}', 'done', 1, 1, 1795262406000, 1795262406000, NULL, '{"kind":"conversation","conversationId":"00000000000000000000000000000007","assignee":"none","agentId":null,"queueId":null,"seenAt":1795262406000,"platformAt":1795262406000,"channel":null}', 1, 1795262406000, 1795262406000);
INSERT INTO steps VALUES ('01H0005', 1, 'tag:bot_handoff', '{"kind":"tag","tag":"bot_handoff"}', 'done', 1, 1, 1795262406000, 1795262406000, NULL, '{"kind":"plain"}', 1, 1795262406000, 1795262406000);
INSERT INTO steps VALUES ('01H0005', 2, 'note', '{"kind":"note","content":"Handed over by bot day-bot. Reason: customer-asked\nThe bot said: call me back\n\n[ho-01H0005]","part":1}', 'done', 1, 1, 1795262406000, 1795262406000, NULL, '{"kind":"plain"}', 1, 1795262406000, 1795262406000);
INSERT INTO steps VALUES ('01H0005', 3, 'metadata', '{"kind":"metadata","data":{"baton_bot":"day-bot","baton_session":"keyed","baton_handoff":"ho-01H0005","baton_reason":"customer-asked"}}', 'done', 1, 1, 1795262406000, 1795262406000, NULL, '{"kind":"plain"}', 1, 1795262406000, 1795262406000);
INSERT INTO steps VALUES ('01H0005', 4, 'route', '{"kind":"route"}', 'done', 1, 1, 1795262406000, 1795262406000, NULL, '{"kind":"route","queueId":"5EED00000000000000000000000000A1"}', 1, 1795262406000, 1795262406000);
INSERT INTO steps VALUES ('01H0005', 5, 'sweep', '{"kind":"sweep"}', 'skipped', 0, 0, NULL, 1795262496000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0006', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Chat 385912345678","summary":"customer-asked · handed over by day-bot [ho-01H0006]","priority":"NORMAL","queue":null}', 'done', 1, 1, 1795262407000, 1795262407000, NULL, '{"kind":"conversation","conversationId":"00000000000000000000000000000009","assignee":"none","agentId":null,"queueId":null,"seenAt":1795262407000,"platformAt":1795262407000,"channel":null}', 1, 1795262407000, 1795262407000);
INSERT INTO steps VALUES ('01H0006', 1, 'tag:bot_handoff', '{"kind":"tag","tag":"bot_handoff"}', 'done', 1, 1, 1795262407000, 1795262407000, NULL, '{"kind":"plain"}', 1, 1795262407000, 1795262407000);
INSERT INTO steps VALUES ('01H0006', 2, 'note', '{"kind":"note","content":"Handed over by bot day-bot. Reason: customer-asked\nPhone: 385912345678\n\nTranscript (UTC)\nCustomer: where is my parcel\n\n[ho-01H0006]","part":1}', 'done', 1, 1, 1795262407000, 1795262407000, NULL, '{"kind":"plain"}', 1, 1795262407000, 1795262407000);
INSERT INTO steps VALUES ('01H0006', 3, 'metadata', '{"kind":"metadata","data":{"baton_bot":"day-bot","baton_session":"385912345678","baton_handoff":"ho-01H0006","baton_reason":"customer-asked","baton_customer_phone":"385912345678"}}', 'done', 1, 1, 1795262407000, 1795262407000, NULL, '{"kind":"plain"}', 1, 1795262407000, 1795262407000);
INSERT INTO steps VALUES ('01H0006', 4, 'route', '{"kind":"route"}', 'done', 1, 1, 1795262407000, 1795262407000, NULL, '{"kind":"route","queueId":"5EED00000000000000000000000000A1"}', 1, 1795262407000, 1795262407000);
INSERT INTO steps VALUES ('01H0006', 5, 'sweep', '{"kind":"sweep"}', 'skipped', 0, 0, NULL, 1795262497000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0007', 0, 'conversation', '{"kind":"conversation","adopt":null,"reopen":false,"topic":"Order A-1042","summary":"customer-asked · handed over by day-bot [ho-01H0007]","priority":"NORMAL","queue":null}', 'ready', 1, 1, 1795262408000, 1795262438000, NULL, NULL, 1, 1795262408000, 1795262408000);
INSERT INTO steps VALUES ('01H0007', 1, 'tag:bot_handoff', '{"kind":"tag","tag":"bot_handoff"}', 'ready', 0, 0, NULL, 1795262438000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0007', 2, 'note', '{"kind":"note","content":null,"part":1}', 'ready', 0, 0, NULL, 1795262438000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0007', 3, 'metadata', '{"kind":"metadata","data":{"baton_bot":"day-bot","baton_session":"parked","baton_handoff":"ho-01H0007","baton_reason":"customer-asked","baton_customer_name":"Ana","baton_customer_phone":"+385912345678","baton_language":"hr"}}', 'ready', 0, 0, NULL, 1795262438000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0007', 4, 'route', '{"kind":"route"}', 'ready', 0, 0, NULL, 1795262438000, NULL, NULL, 0, NULL, NULL);
INSERT INTO steps VALUES ('01H0007', 5, 'sweep', '{"kind":"sweep"}', 'ready', 0, 0, NULL, 1795262498000, NULL, NULL, 0, NULL, NULL);
INSERT INTO attempts VALUES ('01H0001', 0, 1, 1795262401000, 1795262401000, 'ok', 200, 'emulator-1', NULL);
INSERT INTO attempts VALUES ('01H0001', 1, 1, 1795262401000, 1795262401000, 'ok', 200, 'emulator-2', NULL);
INSERT INTO attempts VALUES ('01H0001', 2, 1, 1795262401000, 1795262401000, 'ok', 200, 'emulator-3', NULL);
INSERT INTO attempts VALUES ('01H0001', 3, 1, 1795262401000, 1795262401000, 'ok', 200, 'emulator-4', NULL);
INSERT INTO attempts VALUES ('01H0001', 4, 1, 1795262401000, 1795262401000, 'ok', 200, 'emulator-5', NULL);
INSERT INTO attempts VALUES ('01H0002', 0, 1, 1795262402000, 1795262402000, 'ok', 200, 'emulator-6', NULL);
INSERT INTO attempts VALUES ('01H0002', 1, 1, 1795262402000, 1795262402000, 'ok', 200, 'emulator-7', NULL);
INSERT INTO attempts VALUES ('01H0002', 2, 1, 1795262402000, 1795262402000, 'ok', 200, 'emulator-8', NULL);
INSERT INTO attempts VALUES ('01H0002', 3, 1, 1795262402000, 1795262402000, 'ok', 200, 'emulator-9', NULL);
INSERT INTO attempts VALUES ('01H0002', 4, 1, 1795262402000, 1795262402000, 'ok', 200, 'emulator-10', NULL);
INSERT INTO attempts VALUES ('01H0003', 0, 1, 1795262403000, 1795262403000, 'ok', 200, 'emulator-11', NULL);
INSERT INTO attempts VALUES ('01H0003', 1, 1, 1795262403000, 1795262403000, 'ok', 200, 'emulator-12', NULL);
INSERT INTO attempts VALUES ('01H0003', 2, 1, 1795262403000, 1795262403000, 'ok', 200, 'emulator-13', NULL);
INSERT INTO attempts VALUES ('01H0003', 3, 1, 1795262403000, 1795262403000, 'ok', 200, 'emulator-14', NULL);
INSERT INTO attempts VALUES ('01H0003', 4, 1, 1795262403000, 1795262403000, 'ok', 200, 'emulator-15', NULL);
INSERT INTO attempts VALUES ('01H0003', 6, 1, 1795262405000, 1795262406000, 'ok', 200, 'emulator-16', NULL);
INSERT INTO attempts VALUES ('01H0005', 0, 1, 1795262406000, 1795262406000, 'ok', 200, 'emulator-17', NULL);
INSERT INTO attempts VALUES ('01H0005', 1, 1, 1795262406000, 1795262406000, 'ok', 200, 'emulator-18', NULL);
INSERT INTO attempts VALUES ('01H0005', 2, 1, 1795262406000, 1795262406000, 'ok', 200, 'emulator-19', NULL);
INSERT INTO attempts VALUES ('01H0005', 3, 1, 1795262406000, 1795262406000, 'ok', 200, 'emulator-20', NULL);
INSERT INTO attempts VALUES ('01H0005', 4, 1, 1795262406000, 1795262406000, 'ok', 200, 'emulator-21', NULL);
INSERT INTO attempts VALUES ('01H0006', 0, 1, 1795262407000, 1795262407000, 'ok', 200, 'emulator-22', NULL);
INSERT INTO attempts VALUES ('01H0006', 1, 1, 1795262407000, 1795262407000, 'ok', 200, 'emulator-23', NULL);
INSERT INTO attempts VALUES ('01H0006', 2, 1, 1795262407000, 1795262407000, 'ok', 200, 'emulator-24', NULL);
INSERT INTO attempts VALUES ('01H0006', 3, 1, 1795262407000, 1795262407000, 'ok', 200, 'emulator-25', NULL);
INSERT INTO attempts VALUES ('01H0006', 4, 1, 1795262407000, 1795262407000, 'ok', 200, 'emulator-26', NULL);
INSERT INTO attempts VALUES ('01H0007', 0, 1, 1795262408000, 1795262408000, 'refused', 403, 'emulator-27', 'unauthorized');
INSERT INTO idempotency VALUES ('day-bot', 'k-1', x'6225df59930cbc9c795a23245e87cb743b53e56c7fe676adfb3930b448ed97ea', '01H0005', '{"outcome":"accepted","control":"queue","handoffId":"01H0005","handoffState":"routed","reason":"customer-asked","conversationId":"00000000000000000000000000000007","message":"I am passing you to a colleague."}', 1798286406000);
INSERT INTO conversations VALUES ('default', '00000000000000000000000000000001', 'open', 1795262401000, 'unknown', NULL, NULL, 0, NULL, 0, 0, 0, 1795262401000, 0);
INSERT INTO conversations VALUES ('default', '00000000000000000000000000000003', 'open', 1795262402000, 'human', '5EED00000000000000000000000000B1', 'Ana Horvat', 1795262403000, NULL, 0, 0, 0, 1795262403000, 0);
INSERT INTO conversations VALUES ('default', '00000000000000000000000000000005', 'solved', 1795262405000, 'human', '5EED00000000000000000000000000B1', 'Ana Horvat', 1795262405000, NULL, 0, 0, 0, 1795262405000, 0);
INSERT INTO conversations VALUES ('default', '00000000000000000000000000000007', 'open', 1795262406000, 'unknown', NULL, NULL, 0, NULL, 0, 0, 0, 1795262406000, 0);
INSERT INTO conversations VALUES ('default', '00000000000000000000000000000009', 'open', 1795262407000, 'unknown', NULL, NULL, 0, NULL, 0, 0, 0, 1795262407000, 0);
INSERT INTO callbacks VALUES (1, '01H0001-handoff-routed-1795262401000', 'day-bot', 2, '01H0001', 'handoff.routed', '{"bot":"day-bot","session":"routed","handoffId":"01H0001","state":"routed","control":"queue","reason":"customer-asked","conversationId":"00000000000000000000000000000001","message":"I am passing you to a colleague."}', 'ready', 0, NULL, 1795262401000, NULL, 0, 1795262401000, NULL);
INSERT INTO callbacks VALUES (2, '01H0002-handoff-routed-1795262402000', 'day-bot', 3, '01H0002', 'handoff.routed', '{"bot":"day-bot","session":"assigned","handoffId":"01H0002","state":"routed","control":"queue","reason":"customer-asked","conversationId":"00000000000000000000000000000003","message":"I am passing you to a colleague."}', 'ready', 0, NULL, 1795262402000, NULL, 0, 1795262402000, NULL);
INSERT INTO callbacks VALUES (3, '01H0002-agent-joined-1795262403000', 'day-bot', 3, '01H0002', 'agent.joined', '{"bot":"day-bot","session":"assigned","handoffId":"01H0002","state":"assigned","control":"agent","reason":"customer-asked","conversationId":"00000000000000000000000000000003","agent":{"id":"5EED00000000000000000000000000B1","name":"Ana Horvat"}}', 'ready', 0, NULL, NULL, NULL, 0, 1795262403000, NULL);
INSERT INTO callbacks VALUES (4, '01H0003-handoff-routed-1795262403000', 'day-bot', 4, '01H0003', 'handoff.routed', '{"bot":"day-bot","session":"returned","handoffId":"01H0003","state":"routed","control":"queue","reason":"customer-asked","conversationId":"00000000000000000000000000000005","message":"I am passing you to a colleague."}', 'ready', 0, NULL, 1795262403000, NULL, 0, 1795262403000, NULL);
INSERT INTO callbacks VALUES (5, '01H0003-agent-joined-1795262404000', 'day-bot', 4, '01H0003', 'agent.joined', '{"bot":"day-bot","session":"returned","handoffId":"01H0003","state":"assigned","control":"agent","reason":"customer-asked","conversationId":"00000000000000000000000000000005","agent":{"id":"5EED00000000000000000000000000B1","name":"Ana Horvat"}}', 'ready', 0, NULL, NULL, NULL, 0, 1795262404000, NULL);
INSERT INTO callbacks VALUES (6, '01H0003-handoff-returned-1795262405000', 'day-bot', 4, '01H0003', 'handoff.returned', '{"bot":"day-bot","session":"returned","handoffId":"01H0003","state":"returned","control":"bot","reason":"customer-asked","conversationId":"00000000000000000000000000000005","because":"solved","message":"I am back."}', 'ready', 0, NULL, NULL, NULL, 0, 1795262405000, NULL);
INSERT INTO callbacks VALUES (7, '01H0005-handoff-routed-1795262406000', 'day-bot', 6, '01H0005', 'handoff.routed', '{"bot":"day-bot","session":"keyed","handoffId":"01H0005","state":"routed","control":"queue","reason":"customer-asked","conversationId":"00000000000000000000000000000007","message":"I am passing you to a colleague."}', 'ready', 0, NULL, 1795262406000, NULL, 0, 1795262406000, NULL);
INSERT INTO callbacks VALUES (8, '01H0006-handoff-routed-1795262407000', 'day-bot', 7, '01H0006', 'handoff.routed', '{"bot":"day-bot","session":"385912345678","handoffId":"01H0006","state":"routed","control":"queue","reason":"customer-asked","conversationId":"00000000000000000000000000000009","message":"I am passing you to a colleague."}', 'ready', 0, NULL, 1795262407000, NULL, 0, 1795262407000, NULL);
INSERT INTO callbacks VALUES (9, '01H0007-handoff-parked-1795262408000', 'day-bot', 8, '01H0007', 'handoff.parked', '{"bot":"day-bot","session":"parked","handoffId":"01H0007","state":"parked","control":"bot","reason":"customer-asked","conversationId":null}', 'ready', 0, NULL, 1795262408000, NULL, 0, 1795262408000, NULL);
CREATE INDEX events_of_session ON events (session_id, seq) WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX one_open_handoff ON handoffs (session_id) WHERE state NOT IN ('returned', 'cancelled');
CREATE INDEX handoffs_of_session ON handoffs (session_id, id);
CREATE INDEX steps_sent ON steps (handoff_id) WHERE state = 'sent';
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
CREATE INDEX handoffs_parked_for_credentials ON handoffs (account, id) WHERE parked_for = 'credentials';
CREATE INDEX handoffs_due ON handoffs (account, bot, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sessions_of_conversation ON sessions (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX handoffs_of_conversation ON handoffs (account, conversation_id, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX handoffs_late ON handoffs (id) WHERE alerted_at IS NOT NULL AND state IN ('pending', 'routed');
CREATE INDEX handoffs_at_platform ON handoffs (account, id) WHERE state IN ('routed', 'assigned');
CREATE INDEX conversations_heard ON conversations (heard_at);
CREATE INDEX callbacks_due ON callbacks (bot, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX callbacks_of_session ON callbacks (session_id, seq) WHERE state IN ('ready', 'sent');
CREATE INDEX callbacks_sent ON callbacks (seq) WHERE state = 'sent';
CREATE INDEX callbacks_over ON callbacks (created_at) WHERE state IN ('done', 'refused');
CREATE INDEX callbacks_of_handoff ON callbacks (handoff_id, seq) WHERE handoff_id IS NOT NULL;
CREATE INDEX sessions_following ON sessions (follows) WHERE follows IS NOT NULL;
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_of_operator ON audit (operator, seq);
CREATE INDEX audit_of_act ON audit (act, seq);
CREATE INDEX audit_of_handoff ON audit (handoff_id, seq) WHERE handoff_id IS NOT NULL;
CREATE INDEX sessions_quiet ON sessions (quiet_since);
CREATE INDEX callbacks_by_session ON callbacks (session_id);
CREATE INDEX idempotency_of_handoff ON idempotency (handoff_id) WHERE handoff_id IS NOT NULL;
CREATE INDEX events_of_nobody ON events (json_extract(body, '$.conversationId'))
  WHERE session_id IS NULL AND source = 'conversations';
CREATE INDEX handoffs_returned ON handoffs (account, updated_at)
  WHERE state = 'returned' AND (returned_because IS NULL OR returned_because NOT IN ('closed', 'deleted'));
CREATE INDEX sessions_with_agent ON sessions (conversation_id) WHERE control = 'agent';
CREATE INDEX handoffs_pending ON handoffs (account, bot) WHERE state = 'pending';
CREATE INDEX handoffs_by_state ON handoffs (state, id) WHERE state NOT IN ('returned');
CREATE INDEX handoffs_of_bot ON handoffs (bot, id);
CREATE INDEX handoffs_of_flow ON handoffs (flow, id);
CREATE INDEX handoffs_late_at ON handoffs (late_at) WHERE late_at IS NOT NULL;
