using System.Diagnostics;
using Agent.Tracing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Components;

/// <summary>A span of dispatch inside a component: there is a request around it while a page is rendered, and none in a circuit.</summary>
class ComponentSpan(Activity activity) : DispatchSpan(activity)
{
    static readonly ActivitySource Source = new(Names.DispatchSource, AgentProcess.Version);

    /// <summary>Begins a span that needs nothing at its end but the exception; null if it is not wanted.</summary>
    public static ComponentSpan? Begin(SpanDescription description) => Start(description) is { } activity ? new ComponentSpan(activity) : null;

    /// <summary>An activity that is current from now on; null if no span is wanted here.</summary>
    protected static Activity? Start(SpanDescription description) =>
        IsWanted ? Source.StartActivity(description.Name, ActivityKind.Internal, parentContext: default, description.Tags) : null;

    protected override void Complete(Exception? exception)
    {
        if (exception is NavigationException navigation)
        {
            Activity.SetTag(Names.ResultStatus, StatusCodes.Status302Found);
            Activity.SetTag(Names.ResultLocation, ActionResult.WithoutQuery(navigation.Location));
        }
        else if (exception is not null && ExpectedResult(exception) is null)
        {
            Activity.SetTag(Names.ResultType, ResultType.UnknownError);
        }
    }

    /// <summary>While a page is rendered, NavigateTo redirects by an exception.</summary>
    protected override string? ExpectedResult(Exception exception) => exception is NavigationException ? ResultType.Redirect : null;

    /// <summary>A component in span names: without the arity of a generic type.</summary>
    public static string NameOf(Type type) => type.Name.IndexOf('`') is var arity and > 0 ? type.Name[..arity] : type.Name;
}
