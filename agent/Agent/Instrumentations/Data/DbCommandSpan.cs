using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>
/// A client span around one execution of a database command or batch (semantic conventions for databases, stable). It ends when the execution
/// returns, or its task ends; reading the rows is the app's time.
/// </summary>
sealed class DbCommandSpan : DispatchSpan
{
    /// <summary>Of all commands, whatever they are made with: one inside of another is a part of it.</summary>
    internal static readonly ActivitySource Source = new(Names.DataSource, AgentProcess.Version);

    DbCommandSpan(SpanRecord record) : base(record) { }

    /// <summary>
    /// Null if it would not be recorded, or if it is part of another command's execution: providers' methods call each other, and commands
    /// wrap commands. Outside of a request a command is a trace of its own.
    /// </summary>
    public static DbCommandSpan? Begin(DbCommand command)
    {
        if (LibraryOf(command) is not { } library)
            return null;
        var isProcedure = command.CommandType == CommandType.StoredProcedure;
        var text = isProcedure ? SqlText.OfProcedure(command.CommandText) : SqlText.Of(command.CommandText, library.Dialect);
        return Begin(command.Connection, library, text, isProcedure ? Names.DbStoredProcedure : Names.DbQueryText, size: 1);
    }

    /// <summary>The same for a batch of commands, which goes to the server as one.</summary>
    public static DbCommandSpan? Begin(DbBatch batch)
    {
        if (LibraryOf(batch) is not { } library)
            return null;
        var texts = new HashSet<string>();
        foreach (var command in batch.BatchCommands)
            texts.Add(command.CommandType == CommandType.StoredProcedure ? $"EXECUTE {command.CommandText}" : command.CommandText);
        return Begin(batch.Connection, library, SqlText.Of(string.Join("; ", texts), library.Dialect), Names.DbQueryText, batch.BatchCommands.Count);
    }

    /// <summary>The same for a text without a command.</summary>
    /// <param name="provider">Whose it is, one that is listed.</param>
    /// <param name="text">Its SQL.</param>
    /// <param name="place">Where it goes.</param>
    public static DbCommandSpan? Begin(string provider, string text, DbPlace place) =>
        !MayStart(Source) || IsInCommand || Libraries.Provider(provider) is not { } library || !library.IsOn(Settings.Current) ? null
            : Begin(library.System, place, SqlText.Of(text, library.Dialect), Names.DbQueryText, size: 1);

    /// <summary>Null if there is to be no span.</summary>
    static Library? LibraryOf(object command)
    {
        if (!MayStart(Source) || IsInCommand)
            return null;
        var library = AdoNetPatch.LibraryOf(command.GetType());
        return AppInstrumentations.Make(library) ? null : library;
    }

    static DbCommandSpan? Begin(DbConnection? connection, Library library, SqlText text, string nameOfText, int size)
    {
        var (system, place) = OdbcTarget.Is(library) ? OdbcTarget.Of(connection) : (library.System, DbPlace.Of(connection, library)); // code of the provider's: a span that has begun must also end
        return Begin(system, place, text, nameOfText, size);
    }

    static DbCommandSpan? Begin(string? system, DbPlace place, SqlText text, string nameOfText, int size)
    {
        var record = CurrentSpan.Begin(Source, text.Summary.Length > 0 ? text.Summary : system!, ActivityKind.Client);
        if (record is null)
            return null;
        if (record.IsAllDataRequested)
        {
            record.SetTag(Names.DbSystem, system);
            place.Set(record);
            record.SetTag(nameOfText, text.Text);
            if (text.Summary.Length > 0)
                record.SetTag(Names.DbQuerySummary, text.Summary);
            if (size > 1) // the conventions' rule
                record.SetTag(Names.DbBatchSize, size);
        }
        return new DbCommandSpan(record);
    }

    protected override void Complete(Exception? exception)
    {
        if (exception is DbException { SqlState: { Length: > 0 } state })
            Record.SetTag(Names.DbStatusCode, state);
    }

    /// <summary>One command inside of another's span is a part of it, also where an instrumentation of the app's own has made that span.</summary>
    internal static bool IsInCommand => CurrentSpan.Innermost is { } span ? span.Source == Source && !span.IsStopped
        : Activity.Current is { IsStopped: false } current && AppInstrumentations.HaveMade(current);
}
