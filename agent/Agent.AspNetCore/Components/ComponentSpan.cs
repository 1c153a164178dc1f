using Agent.Tracing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Components;

/// <summary>A span of dispatch inside a component: there is a request around it while a page is rendered, and none in a circuit.</summary>
class ComponentSpan(SpanRecord record) : AspNetCoreSpan(record)
{
    /// <inheritdoc cref="AspNetCoreSpan.Begin"/>
    public static new ComponentSpan? Begin(SpanDescription description) => Start(description) is { } record ? new ComponentSpan(record) : null;

    protected override void Complete(Exception? exception)
    {
        if (exception is NavigationException navigation)
        {
            Record.SetTag(Names.ResultStatus, StatusCodes.Status302Found);
            Record.SetTag(Names.ResultLocation, ResponseResult.WithoutQuery(navigation.Location));
        }
        else if (exception is not null && ExpectedResult(exception) is null)
        {
            Record.SetTag(Names.ResultType, ResultType.UnknownError);
        }
    }

    /// <summary>While a page is rendered, NavigateTo redirects by an exception.</summary>
    protected override string? ExpectedResult(Exception exception) => exception is NavigationException ? ResultType.Redirect : null;
}
