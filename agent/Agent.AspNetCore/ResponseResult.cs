using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Agent.AspNetCore;

/// <summary>What a handler that writes its response itself has come to, told by the response. The same rule as <see cref="ActionResult"/>.</summary>
static class ResponseResult
{
    /// <param name="span">Of the handler.</param>
    /// <param name="exception">What it has thrown.</param>
    /// <param name="answer">Null if the request had ended before the handler did.</param>
    /// <param name="expectedResult">What an exception stands for where it is no error of the app.</param>
    public static void Describe(Activity span, Exception? exception, Answer? answer, Func<Exception, string?> expectedResult)
    {
        if (Failed(span, exception, expectedResult) || answer is not { } known)
            return;
        if (known.HasReader)
            Describe(span, known.Status, known.Location);
        else
            span.SetTag(Names.ResultType, ResultType.Aborted); // whatever it has written, nobody has read it
    }

    /// <summary>The same by what a minimal API's handler has returned: inside of filters the response is not written yet.</summary>
    public static void DescribeReturned(Activity span, Exception? exception, object? returned, Func<Exception, string?> expectedResult)
    {
        if (Failed(span, exception, expectedResult))
            return;
        if (returned is INestedHttpResult nested)
            returned = nested.Result; // Results<Ok, NotFound>
        var (status, location) = returned switch
        {
            RedirectHttpResult to => (ActionResult.RedirectStatus(to.Permanent, to.PreserveMethod), to.Url),
            IStatusCodeHttpResult { StatusCode: { } known } => (known, null),
            _ => (StatusCodes.Status200OK, (string?)null),
        };
        Describe(span, status, location);
    }

    static bool Failed(Activity span, Exception? exception, Func<Exception, string?> expectedResult)
    {
        if (exception is not null)
            span.SetTag(Names.ResultType, expectedResult(exception) ?? ResultType.UnknownError);
        return exception is not null;
    }

    static void Describe(Activity span, int status, string? location)
    {
        span.SetTag(Names.ResultType, TypeOf(status));
        span.SetTag(Names.ResultStatus, status);
        if (status is >= 300 and < 400 && location is not null)
            span.SetTag(Names.ResultLocation, ActionResult.WithoutQuery(location));
        Fail(span, status);
    }

    /// <summary>The status code alone, for a span that only passes on what others have decided.</summary>
    public static void SetStatus(Activity span, int status)
    {
        span.SetTag(Names.HttpStatusCode, status);
        Fail(span, status);
    }

    public static string TypeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => ResultType.Failure,
        >= 400 => ResultType.KnownError,
        StatusCodes.Status304NotModified => ResultType.Success,
        >= 300 => ResultType.Redirect,
        _ => ResultType.Success,
    };

    /// <summary>A status of 500 and above is an error of the span.</summary>
    public static void Fail(Activity span, int status)
    {
        if (status < 500)
            return;
        span.SetTag(Names.ErrorType, status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error);
    }
}
