// The story in discord.js: an ordinary bot that tells, in lines of JSON, what it saw.
// It is pointed at the sandbox by its documented setting `rest.api`; where the gateway is, it asks there.

"use strict";

const discord = require("discord.js");
const { ButtonStyle, ComponentType, Events, GatewayIntentBits, MessageFlags, TextInputStyle } = discord;

const client = new discord.Client({
  // discord.js adds the version itself.
  rest: { api: process.env.DISCORD_API_URL.replace(/\/v10$/, "") },
  intents: [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMembers,
    GatewayIntentBits.GuildModeration,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.MessageContent,
  ],
});

const saw = (what, more = {}) => process.stdout.write(JSON.stringify({ saw: what, ...more }) + "\n");
const names = (roles) =>
  roles
    .filter((role) => role.id !== role.guild.id)
    .map((role) => role.name)
    .sort();
const gold = (guild) => guild.roles.cache.find((role) => role.name === "Gold");
const row = (component) => ({ type: ComponentType.ActionRow, components: [component] });
const button = (customId, label) =>
  row({ type: ComponentType.Button, style: ButtonStyle.Secondary, customId, label });

const COMMANDS = [
  { name: "story", description: "Choose" },
  { name: "slowly", description: "Think first" },
  { name: "everyone", description: "Give everyone the role" },
  {
    name: "pick",
    description: "Pick a tier",
    options: [{ type: 3, name: "tier", description: "Which", required: true, autocomplete: true }],
  },
];

const ANSWERS = {
  async story(interaction) {
    const components = [button("story:name", "Name it")];
    await interaction.reply({ content: "Choose", components, flags: MessageFlags.Ephemeral });
  },
  async slowly(interaction) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.followUp({ content: "Thought about it", flags: MessageFlags.Ephemeral });
  },
  async everyone(interaction) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const { guild } = interaction;
    const fans = (await guild.members.list({ limit: 1000 })).filter((member) => !member.user.bot);
    await Promise.all(fans.map((member) => member.roles.add(gold(guild), "everyone")));
    await interaction.editReply(`${fans.size} members`);
  },
  async pick(interaction) {
    const tier = interaction.options.getString("tier");
    const said = await interaction.channel.send(`${interaction.user.username} picked ${tier}`);
    await said.edit(`${said.content}!`);
    await interaction.reply({ content: `Picked ${tier}`, flags: MessageFlags.Ephemeral });
  },
  async "story:name"(interaction) {
    const name = {
      type: ComponentType.TextInput,
      customId: "name",
      label: "Name",
      style: TextInputStyle.Short,
      maxLength: 20,
    };
    await interaction.showModal({ customId: "story:form", title: "Name the garden", components: [row(name)] });
  },
  async "story:form"(interaction) {
    const name = interaction.fields.getTextInputValue("name");
    await interaction.member.roles.add(gold(interaction.guild), `named ${name}`);
    const components = [button("story:back", "Give it back")];
    await interaction.reply({ content: `It is called ${name}`, components, flags: MessageFlags.Ephemeral });
  },
  async "story:back"(interaction) {
    await interaction.member.roles.remove(gold(interaction.guild), "gave it back");
    await interaction.update({ content: "Given back", components: [] });
  },
};

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isAutocomplete()) {
    const matching = ["Gold", "Silver"].filter((each) => each.startsWith(interaction.options.getFocused()));
    await interaction.respond(matching.map((name) => ({ name, value: name.toLowerCase() })));
    return;
  }
  await ANSWERS[interaction.customId ?? interaction.commandName](interaction);
});

client.once(Events.ClientReady, async () => {
  for (const guild of client.guilds.cache.values()) {
    saw("guild", { name: guild.name, roles: names(guild.roles.cache), members: guild.memberCount });
  }
  const commands = await client.application.commands.set(COMMANDS);
  saw("commands", { names: commands.map((command) => command.name).sort() });
  saw("ready", { user: client.user.username });
});
let sessions = 0;
client.on(Events.ShardReady, () => saw("session", { number: ++sessions }));
client.on(Events.ShardResume, () => saw("resumed"));
client.on(Events.GuildCreate, (guild) => saw("guild joined", { name: guild.name }));
client.on(Events.GuildDelete, (guild) => saw("guild left", { name: guild.name }));
client.on(Events.GuildUnavailable, (guild) => saw("guild unavailable", { name: guild.name }));
client.on(Events.GuildAvailable, (guild) => {
  if (client.isReady()) saw("guild available", { name: guild.name });
});
client.on(Events.GuildUpdate, (_, guild) => saw("guild updated", { name: guild.name }));
client.on(Events.GuildRoleCreate, (role) => saw("role created", { name: role.name }));
client.on(Events.GuildRoleUpdate, (_, role) => saw("role updated", { name: role.name }));
client.on(Events.GuildRoleDelete, (role) => saw("role deleted", { name: role.name }));
client.on(Events.GuildMemberAdd, (member) => saw("member joined", { user: member.user.username }));
client.on(Events.GuildMemberUpdate, (_, member) =>
  saw("member updated", { user: member.user.username, roles: names(member.roles.cache) }),
);
client.on(Events.GuildMemberRemove, (member) => saw("member left", { user: member.user.username }));
client.on(Events.GuildBanAdd, (ban) => saw("banned", { user: ban.user.username }));
client.on(Events.GuildBanRemove, (ban) => saw("unbanned", { user: ban.user.username }));
client.on(Events.MessageCreate, (message) =>
  saw("message", { user: message.author.username, content: message.content }),
);
client.on(Events.GuildAuditLogEntryCreate, (entry) =>
  saw("audit", { action: entry.action, by: entry.executorId, reason: entry.reason }),
);
client.on(Events.Debug, (line) => process.stderr.write(`${line}\n`));
client.rest.on("rateLimited", (limit) => process.stderr.write(`waits: ${JSON.stringify(limit)}\n`));

process.stdin.resume();
process.stdin.on("end", async () => {
  await client.destroy();
  saw("end");
  process.exit(0);
});

client.login(process.env.DISCORD_TOKEN);
