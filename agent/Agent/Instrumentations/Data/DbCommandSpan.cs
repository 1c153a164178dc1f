using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>
/// A client span around one execution of a database command (semantic conventions for databases, stable). It ends when the execution
/// returns, or its task ends; reading the rows is the app's time.
/// </summary>
sealed class DbCommandSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.DataSource, AgentProcess.Version);

    DbCommandSpan(Activity activity) : base(activity) { }

    /// <summary>
    /// Null if it would not be recorded, or if it is part of another command's execution: providers' methods call each other, and commands
    /// wrap commands. Outside of a request a command is a trace of its own.
    /// </summary>
    public static DbCommandSpan? Begin(DbCommand command)
    {
        if (!MayStart(Source) || Activity.Current is { } current && IsOfCommand(current))
            return null;
        var library = AdoNetPatch.LibraryOf(command.GetType());
        if (AppInstrumentations.Make(library))
            return null;
        var isProcedure = command.CommandType == CommandType.StoredProcedure;
        var text = isProcedure ? SqlText.OfProcedure(command.CommandText) : SqlText.Of(command.CommandText, library.Dialect);
        var place = DbPlace.Of(command.Connection, library); // code of the provider's: a span that has begun must also end
        var activity = Source.StartActivity(text.Summary.Length > 0 ? text.Summary : library.System!, ActivityKind.Client);
        if (activity is null)
            return null;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(Names.DbSystem, library.System);
            place.Set(activity);
            if (isProcedure)
                activity.SetTag(Names.DbStoredProcedure, text.Text);
            else
                activity.SetTag(Names.DbQueryText, text.Text);
            if (text.Summary.Length > 0)
                activity.SetTag(Names.DbQuerySummary, text.Summary);
        }
        return new DbCommandSpan(activity);
    }

    protected override void Complete(Exception? exception)
    {
        if (exception is DbException { SqlState: { Length: > 0 } state })
            Activity.SetTag(Names.DbStatusCode, state);
    }

    /// <summary>One command inside of another's span is a part of it, also where an instrumentation of the app's own has made that span.</summary>
    static bool IsOfCommand(Activity current) => !current.IsStopped && (current.Source == Source || AppInstrumentations.HaveMade(current));
}
