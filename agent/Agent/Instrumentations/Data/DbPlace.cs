using System.Data.Common;
using System.Globalization;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>Where a database is, as far as a connection says so without asking its server.</summary>
/// <param name="Namespace">The database; empty if it is not known.</param>
/// <param name="Address">The host; empty if it is not known, or there is none.</param>
/// <param name="Port">Zero for the usual one.</param>
sealed record DbPlace(string Namespace, string Address, int Port)
{
    /// <summary>Nothing is known.</summary>
    public static readonly DbPlace Unknown = new("", "", 0);

    /// <summary>An app has few; one that makes up names for them gets no more than this many remembered.</summary>
    const int MostRemembered = 1000;

    static readonly PairMap<string, string, DbPlace> Files = new(static (source, _) => new DbPlace(source, "", 0), MostRemembered);
    static readonly PairMap<string, string, DbPlace> Servers = new(Parse, MostRemembered);

    /// <param name="connection">A command need not have one.</param>
    /// <param name="library">Whose it is. Of one that is not known nothing is read: ODBC's asks the driver.</param>
    public static DbPlace Of(DbConnection? connection, Library library)
    {
        if (connection is null || library == Libraries.OtherProvider)
            return Unknown;
        var source = connection.DataSource ?? "";
        return library.System is "sqlite" or "duckdb" ? Files[source, ""] : Servers[source, connection.Database ?? ""];
    }

    /// <param name="source">As in a connection string: where the server is.</param>
    /// <param name="database">Empty if it is not known.</param>
    public static DbPlace Of(string source, string database) => Servers[source, database];

    public void Set(SpanRecord span)
    {
        if (Namespace.Length > 0)
            span.SetTag(Names.DbNamespace, Namespace);
        if (Address.Length > 0)
            span.SetTag(Names.ServerAddress, Address);
        if (Port > 0)
            span.SetTag(Names.ServerPort, Port);
    }

    /// <summary>«tcp:host,1433», «host\instance», «host:1521/service»; not the descriptions in parentheses that Oracle takes too.</summary>
    internal static DbPlace Parse(string source, string database)
    {
        if (source.StartsWith('('))
            return new DbPlace(database, "", 0);
        var rest = source.AsSpan();
        foreach (var protocol in (ReadOnlySpan<string>)["tcp:", "np:", "lpc:", "admin:"])
        {
            if (rest.StartsWith(protocol, StringComparison.OrdinalIgnoreCase))
                rest = rest[protocol.Length..];
        }
        rest = rest.TrimStart('/'); // «//host:1521/service»
        if (rest.IndexOfAny('\\', '/') is var path and >= 0)
            rest = rest[..path];
        var port = 0;
        // More than one colon is an address of IPv6.
        if (rest.LastIndexOfAny(',', ':') is var at and >= 0 && (rest[at] == ',' || rest.IndexOf(':') == at) && int.TryParse(rest[(at + 1)..], CultureInfo.InvariantCulture, out port))
            rest = rest[..at];
        return new DbPlace(database, rest is "." ? "localhost" : rest.ToString(), port);
    }
}
