using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Agent.Instrumentations.Data;

/// <summary>Which database an ODBC connection goes to, and where it is. Its connection string says both, unless it only has the name under which somebody has noted that: then the driver's name is asked for, once.</summary>
static class OdbcTarget
{
    /// <summary>The assembly.</summary>
    public const string Provider = "System.Data.Odbc";

    const string Unknown = "other_sql";

    static readonly PairMap<string, string, Found> All = new(static (text, driver) => Find(text, driver));

    /// <summary>What drivers and their files are called, in lower case, and whose they are.</summary>
    static readonly (string Part, string System)[] Drivers =
    [
        ("postgres", "postgresql"), ("psqlodbc", "postgresql"), ("redshift", "aws.redshift"), ("mariadb", "mariadb"), ("maodbc", "mariadb"), ("mysql", "mysql"), ("myodbc", "mysql"),
        ("sql server", "microsoft.sql_server"), ("msodbcsql", "microsoft.sql_server"), ("tdsodbc", "microsoft.sql_server"), ("freetds", "microsoft.sql_server"),
        ("sqlite", "sqlite"), ("oracle", "oracle.db"), ("sqora", "oracle.db"), ("ibm db2", "ibm.db2"), ("db2", "ibm.db2"), ("informix", "ibm.informix"), ("netezza", "ibm.netezza"),
        ("firebird", "firebirdsql"), ("duckdb", "duckdb"), ("clickhouse", "clickhouse"), ("teradata", "teradata"), ("hana", "sap.hana"), ("hdbodbc", "sap.hana"), ("snowflake", "snowflake"),
        ("spanner", "gcp.spanner"), ("trino", "trino"), ("hive", "hive"), ("cockroach", "cockroachdb"), ("derby", "derby"), ("hsqldb", "hsqldb"),
    ];

    /// <summary>Whether a command is ODBC's.</summary>
    public static bool Is(Library library) => library.Name == Provider;

    /// <summary>The value of db.system.name, and the place.</summary>
    public static (string System, DbPlace Place) Of(DbConnection? connection)
    {
        if (connection is null)
            return (Unknown, DbPlace.Unknown);
        var found = All[connection.ConnectionString, ""];
        if (!found.HasDriver && connection.State == ConnectionState.Open && connection.GetType().GetProperty("Driver")?.GetValue(connection) is string driver)
            found = All[connection.ConnectionString, driver];
        return (found.System, found.Place);
    }

    internal static (string System, DbPlace Place) Parse(string text, string driver = "")
    {
        var found = Find(text, driver);
        return (found.System, found.Place);
    }

    static Found Find(string text, string driver)
    {
        var parts = new DbConnectionStringBuilder(useOdbcRules: true);
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return new(Unknown, DbPlace.Unknown, true); // the driver manager may know better, nobody else does
        }
        var named = Value("driver");
        var name = (named.Length > 0 ? named : driver).ToLowerInvariant();
        var system = Array.Find(Drivers, known => name.Contains(known.Part, StringComparison.Ordinal)).System ?? Unknown;
        var place = DbPlace.Parse(Value("server", "servername", "host", "hostname"), Value("database", "db", "initial catalog", "dbname"));
        if (int.TryParse(Value("port"), CultureInfo.InvariantCulture, out var port))
            place = place with { Port = port };
        return new(system, place, name.Length > 0);

        string Value(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (parts.TryGetValue(key, out var value) && value is string { Length: > 0 } found)
                    return found.Trim('{', '}');
            }
            return "";
        }
    }

    sealed record Found(string System, DbPlace Place, bool HasDriver);
}
