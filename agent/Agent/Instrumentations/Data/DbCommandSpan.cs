using System.Data.Common;
using System.Diagnostics;
using Agent.Tracing;

namespace Agent.Instrumentations.Data;

/// <summary>A client span around one database command (semantic conventions for databases, stable).</summary>
sealed class DbCommandSpan : DispatchSpan
{
    static readonly ActivitySource Source = new(Names.DataSource, AgentProcess.Version);

    DbCommandSpan(Activity activity) : base(activity) { }

    /// <summary>Null if it would not be recorded. Outside of a request a command is a trace of its own.</summary>
    public static DbCommandSpan? Begin(DbCommand command, string system)
    {
        AgentProcess.WaitUntilTracing(); // apps prepare their database before their first request
        if (Activity.Current is { IsAllDataRequested: false } || !Source.HasListeners())
            return null;
        var text = SqlText.Of(command.CommandText);
        var activity = Source.StartActivity(text.Summary.Length > 0 ? text.Summary : system, ActivityKind.Client);
        if (activity is null)
            return null;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(Names.DbSystem, system);
            if (command.Connection?.DataSource is { Length: > 0 } source)
                activity.SetTag(Names.DbNamespace, source);
            activity.SetTag(Names.DbQueryText, text.Text);
            if (text.Summary.Length > 0)
                activity.SetTag(Names.DbQuerySummary, text.Summary);
        }
        return new DbCommandSpan(activity);
    }
}
