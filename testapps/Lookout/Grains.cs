using System.Net;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Lookout;

/// <summary>Grains whose silo keeps in a database what silos there are, reminders and the grains' states. `Lookout:Ports` has the silo's two.</summary>
static class Grains
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder, Database database)
    {
        var (port, gateway) = Ports(builder);
        GrainTables.Create(database);
        var often = TimeSpan.FromMilliseconds(200);
        builder.Host.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => options.ClusterId = port) // others that have been in this database are not its members
            .ConfigureEndpoints(IPAddress.Loopback, int.Parse(port), int.Parse(gateway))
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database.Connection))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database.Connection))
            .AddAdoNetGrainStorage("purses", options => (options.Invariant, options.ConnectionString) = ("Npgsql", database.Connection))
            .Configure<ClusterMembershipOptions>(options => options.IAmAliveTablePublishTimeout = options.TableRefreshTimeout = often)
            .Configure<ReminderOptions>(options => (options.RefreshReminderListPeriod, options.MinimumReminderPeriod) = (often, TimeSpan.FromMilliseconds(1))));
        return Map;
    }

    /// <summary>An app that has none, and calls those of a silo with the same ports.</summary>
    public static Action<WebApplication> AddClient(WebApplicationBuilder builder, Database database)
    {
        builder.Host.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options => options.ClusterId = Ports(builder).Silo)
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database.Connection))
            .Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromMilliseconds(100)));
        return Map;
    }

    static (string Silo, string Gateway) Ports(WebApplicationBuilder builder) =>
        builder.Configuration["Lookout:Ports"]?.Split(' ') is [var silo, var gateway] ? (silo, gateway) : throw new InvalidOperationException("Lookout:Ports is not two ports");

    static void Map(WebApplication app)
    {
        app.MapGet("/grain", (string name, IGrainFactory grains) => grains.GetGrain<IPurse>(name).Put());
        app.MapGet("/reminder", async (string name, IGrainFactory grains) =>
        {
            await grains.GetGrain<IPurse>(name).Remind();
            return await Work.Done(name);
        });
    }
}

/// <summary>Keeps coins.</summary>
public interface IPurse : IGrainWithStringKey
{
    Task<string> Put();

    Task Remind();
}

/// <summary>One of each name.</summary>
public sealed class Purse([PersistentState("coins", "purses")] IPersistentState<Coins> coins, IServiceProvider services) : Grain, IPurse, IRemindable
{
    public async Task<string> Put()
    {
        coins.State.Count++;
        await coins.WriteStateAsync();
        return $"{coins.State.Count} coins";
    }

    public Task Remind() => this.RegisterOrUpdateReminder("daily", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await this.UnregisterReminder((await this.GetReminder(reminderName))!);
        await Work.Do(this.GetPrimaryKeyString(), services.GetRequiredService<Database>());
    }
}

/// <summary>How many.</summary>
[GenerateSerializer]
public sealed class Coins
{
    [Id(0)]
    public int Count { get; set; }
}

/// <summary>What Orleans' providers want to find: tables, of whatever form, and queries by their names.</summary>
static class GrainTables
{
    const string Silo = "deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";
    const string Members = "SELECT version, address, port, generation, siloname, hostname, status, proxyport, suspecttimes, starttime, iamalivetime FROM versions LEFT JOIN silos USING (deployment)";
    const string Reminder = "serviceid = @ServiceId AND grainid = @GrainId";
    const string Reminders = "SELECT grainid, remindername, starttime, period, version FROM reminders WHERE serviceid = @ServiceId";
    const string State = "idhash = @GrainIdHash AND typehash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND key IS NOT DISTINCT FROM @GrainIdExtensionString AND serviceid = @ServiceId";

    public static void Create(Database database)
    {
        (string, string)[] queries =
        [
            ("InsertMembershipVersionKey", Changed("INSERT INTO versions VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING")),
            ("InsertMembershipKey", WithVersion("INSERT INTO silos SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, NULL, @StartTime, @IAmAliveTime FROM v")),
            ("UpdateMembershipKey", WithVersion($"UPDATE silos SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime FROM v WHERE {Silo}")),
            ("UpdateIAmAlivetimeKey", $"UPDATE silos SET iamalivetime = @IAmAliveTime WHERE {Silo}"),
            ("MembershipReadRowKey", $"{Members} WHERE deployment = @DeploymentId AND (address IS NULL OR {Silo})"),
            ("MembershipReadAllKey", $"{Members} WHERE deployment = @DeploymentId"),
            ("GatewaysQueryKey", "SELECT address, proxyport, generation FROM silos WHERE deployment = @DeploymentId AND status = @Status AND proxyport > 0"),
            ("DeleteMembershipTableEntriesKey", "DELETE FROM silos WHERE deployment = @DeploymentId"),
            ("CleanupDefunctSiloEntriesKey", "DELETE FROM silos WHERE deployment = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3"),
            ("UpsertReminderRowKey", "INSERT INTO reminders VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0) ON CONFLICT (serviceid, grainid, remindername) DO UPDATE SET starttime = excluded.starttime, period = excluded.period, version = reminders.version + 1 RETURNING version"),
            ("ReadReminderRowsKey", $"{Reminders} AND grainid = @GrainId"),
            ("ReadReminderRowKey", $"{Reminders} AND grainid = @GrainId AND remindername = @ReminderName"),
            ("ReadRangeRows1Key", $"{Reminders} AND grainhash > @BeginHash AND grainhash <= @EndHash"),
            ("ReadRangeRows2Key", $"{Reminders} AND (grainhash > @BeginHash OR grainhash <= @EndHash)"),
            ("DeleteReminderRowKey", Changed($"DELETE FROM reminders WHERE {Reminder} AND remindername = @ReminderName AND version = @Version")),
            ("DeleteReminderRowsKey", "DELETE FROM reminders WHERE serviceid = @ServiceId"),
            ("WriteToStorageKey", "INSERT INTO states VALUES (@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, COALESCE(@GrainStateVersion, 0) + 1) RETURNING version AS newgrainstateversion"),
            ("ReadFromStorageKey", $"SELECT payloadbinary, version FROM states WHERE {State} ORDER BY version DESC LIMIT 1"),
            ("ClearStorageKey", $"UPDATE states SET payloadbinary = NULL WHERE {State} AND version = @GrainStateVersion RETURNING version"),
        ];
        using var connection = new NpgsqlConnection(database.Connection);
        connection.Open();
        using var create = new NpgsqlCommand("""
            CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey text PRIMARY KEY, QueryText text);
            CREATE TABLE IF NOT EXISTS versions (deployment text PRIMARY KEY, version int);
            CREATE TABLE IF NOT EXISTS silos (deployment text, address text, port int, generation int, siloname text, hostname text, status int, proxyport int, suspecttimes text, starttime timestamptz, iamalivetime timestamptz);
            CREATE TABLE IF NOT EXISTS reminders (serviceid text, grainid text, remindername text, starttime timestamptz, period bigint, grainhash int, version int, PRIMARY KEY (serviceid, grainid, remindername));
            CREATE TABLE IF NOT EXISTS states (idhash int, n0 bigint, n1 bigint, typehash int, type text, key text, serviceid text, payloadbinary bytea, version int)
            """, connection);
        create.ExecuteNonQuery();
        foreach (var (name, text) in queries)
        {
            using var insert = new NpgsqlCommand("INSERT INTO OrleansQuery VALUES ($1, $2) ON CONFLICT DO NOTHING", connection) { Parameters = { new() { Value = name }, new() { Value = text } } };
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>Whether a statement has changed anything.</summary>
    static string Changed(string statement) => $"WITH c AS ({statement} RETURNING 1) SELECT count(*) > 0 FROM c";

    /// <summary>A statement about silos, which counts only if nobody has changed anything since.</summary>
    static string WithVersion(string statement) =>
        $"WITH v AS (UPDATE versions SET version = version + 1 WHERE deployment = @DeploymentId AND version = @Version RETURNING 1), c AS ({statement} RETURNING 1) SELECT count(*) > 0 FROM c";
}
