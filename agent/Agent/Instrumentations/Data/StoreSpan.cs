using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>A client span around one operation on a collection or table of a database that has no text (semantic conventions for databases), with nothing of what is written or looked for.</summary>
sealed class StoreSpan : DispatchSpan
{
    static readonly ActivitySource Source = DbCommandSpan.Source;
    static readonly PairMap<string, string, string> SpanNames = new(static (operation, collection) => $"{operation} {collection}");

    StoreSpan(SpanRecord record) : base(record) { }

    /// <summary>Where it was, if that is known only when it has ended.</summary>
    public Func<DbPlace?>? PlaceOf { get; set; }

    /// <summary>Whether what an exception says has keys or values in it, so that it is not to be recorded.</summary>
    public Func<Exception, bool>? HasData { get; set; }

    protected override void Complete(Exception? exception)
    {
        PlaceOf?.Invoke()?.Set(Record);
        if (exception is not null && HasData?.Invoke(exception) == true)
            PassOver(exception);
    }

    /// <summary>Null if it would not be recorded, or if it is part of another command's execution. Outside of a request it is a trace of its own.</summary>
    /// <param name="system">The value of db.system.name.</param>
    /// <param name="operation">In the library's words.</param>
    /// <param name="collection">What it is done with.</param>
    /// <param name="place">Where that is.</param>
    public static StoreSpan? Begin(string system, string operation, string? collection, DbPlace place)
    {
        if (!MayStart(Source) || DbCommandSpan.IsInCommand)
            return null;
        var record = CurrentSpan.Begin(Source, string.IsNullOrEmpty(collection) ? operation : SpanNames[operation, collection], ActivityKind.Client);
        if (record is null)
            return null;
        if (record.IsAllDataRequested)
        {
            record.SetTag(Names.DbSystem, system).SetTag(Names.DbOperation, operation);
            if (!string.IsNullOrEmpty(collection))
                record.SetTag(Names.DbCollection, collection);
            place.Set(record);
        }
        return new StoreSpan(record);
    }
}
