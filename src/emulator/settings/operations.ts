export const SCOPES = ["conversations:read", "conversations:manage", "subscriptions:manage"] as const;
type Scope = (typeof SCOPES)[number];

/** A success has status 200 unless the third field names another. */
type Table = Readonly<Record<string, readonly [method: string, path: string, success?: number]>>;

const CONVERSATIONS = {
  listConversations: ["GET", "/conversations"],
  createConversation: ["POST", "/conversations"],
  getConversation: ["GET", "/conversations/:id"],
  updateConversation: ["PUT", "/conversations/:id"],
  patchConversation: ["PATCH", "/conversations/:id"],
  assign: ["PUT", "/conversations/:id/assignee"],
  unassign: ["DELETE", "/conversations/:id/assignee"],
  route: ["POST", "/conversations/:id/route"],
  simulateRouting: ["GET", "/conversations/:id/simulate-routing"],
  listLinks: ["GET", "/conversations/:id/links"],

  addTag: ["POST", "/conversations/:id/tags"],
  removeTag: ["DELETE", "/conversations/:id/tags/:tagName"],
  listTags: ["GET", "/tags"],
  createTag: ["POST", "/tags"],
  deleteTag: ["DELETE", "/tags/:tagName"],

  listMessages: ["GET", "/conversations/:id/messages"],
  createMessage: ["POST", "/conversations/:id/messages"],
  sendEvent: ["POST", "/conversations/:id/events"],
  listNotes: ["GET", "/conversations/:id/notes"],
  createNote: ["POST", "/conversations/:id/notes"],
  getNote: ["GET", "/conversations/:id/notes/:noteId"],
  getMetadata: ["GET", "/conversations/:id/metadata"],
  putMetadata: ["PUT", "/conversations/:id/metadata"],
  patchMetadata: ["PATCH", "/conversations/:id/metadata"],
  deleteMetadata: ["DELETE", "/conversations/:id/metadata"],

  listQueues: ["GET", "/queues"],
  createQueue: ["POST", "/queues"],
  updateQueue: ["PUT", "/queues/:id"],
  deleteQueue: ["DELETE", "/queues/:id"],
  getRouting: ["GET", "/routing"],
  putRouting: ["PUT", "/routing"],
  deleteRouting: ["DELETE", "/routing"],

  listAgents: ["GET", "/agents"],
  createAgent: ["POST", "/agents"],
  getAgent: ["GET", "/agents/:id"],
  updateAgent: ["PUT", "/agents/:id"],
  setAgentStatus: ["PUT", "/agents/:id/status"],
  heartbeat: ["PUT", "/agents/:id/heartbeat"],
  listAgentConversations: ["GET", "/agents/:id/conversations"],
  joinQueue: ["POST", "/agents/:id/queues"],
  leaveQueue: ["DELETE", "/agents/:id/queues/:queueId"],

  listBots: ["GET", "/bots"],
  createBot: ["POST", "/bots"],
  getBot: ["GET", "/bots/:id"],
  updateBot: ["PUT", "/bots/:id"],
  deleteBot: ["DELETE", "/bots/:id"],

  listWorkingHours: ["GET", "/working-hours"],
  getWorkingHours: ["GET", "/working-hours/:id"],
  getWorkingHoursStatus: ["GET", "/working-hours/:id/status"],
  updateAccountConfiguration: ["PUT", "/account/configuration"],
} as const satisfies Table;

const SUBSCRIPTIONS = {
  listSubscriptions: ["GET", "/subscription/:channel"],
  createSubscription: ["POST", "/subscription/:channel", 201],
  getSubscription: ["GET", "/subscription/:channel/:id"],
  updateSubscription: ["PUT", "/subscription/:channel/:id"],
  deleteSubscription: ["DELETE", "/subscription/:channel/:id"],

  listProfiles: ["GET", "/profiles"],
  createProfile: ["POST", "/profiles", 201],
  getProfile: ["GET", "/profiles/:id"],
  updateProfile: ["PUT", "/profiles/:id"],
  deleteProfile: ["DELETE", "/profiles/:id"],

  listSecurities: ["GET", "/security"],
  createSecurity: ["POST", "/security", 201],
  getSecurity: ["GET", "/security/:id"],
  updateSecurity: ["PUT", "/security/:id"],
  deleteSecurity: ["DELETE", "/security/:id"],
} as const satisfies Table;

/** One of the platform's APIs: its root, its operations and the scopes that it wants. */
export interface Api {
  root: string;
  operations: Table;
  mayRead: readonly Scope[];
  mayWrite: readonly Scope[];
}
export const APIS: readonly Api[] = [
  {
    root: "/ccaas/1",
    operations: CONVERSATIONS,
    mayRead: ["conversations:read", "conversations:manage"],
    mayWrite: ["conversations:manage"],
  },
  {
    root: "/subscriptions/1",
    operations: SUBSCRIPTIONS,
    mayRead: ["subscriptions:manage"],
    mayWrite: ["subscriptions:manage"],
  },
];

/** Every operation that the emulator knows; faults, rate limits and recorded calls use these names. */
const OPERATIONS = { ...CONVERSATIONS, ...SUBSCRIPTIONS };
export type OperationName = keyof typeof OPERATIONS;
export const isOperationName = (name: string): name is OperationName => name in OPERATIONS;
export const OPERATION_NAMES: readonly OperationName[] = Object.keys(OPERATIONS).filter(isOperationName);
