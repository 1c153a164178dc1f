using System.Diagnostics;
using System.Globalization;
using Agent.Tracing;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore;

/// <summary>
/// What a handler has come to, told by the response: success, failure (validation), redirect, known error (a status of 400 and above) or unknown error (an
/// exception). SvelteKit's rule: only unknown errors and known ones of 500 and above are errors.
/// </summary>
static class ResponseResult
{
    /// <param name="span">Of the handler.</param>
    /// <param name="exception">What it has thrown.</param>
    /// <param name="answer">Null if the request had ended before the handler did.</param>
    /// <param name="expectedResult">What an exception stands for where it is no error of the app.</param>
    public static void Describe(SpanRecord span, Exception? exception, Answer? answer, Func<Exception, string?> expectedResult)
    {
        if (exception is not null)
            span.SetTag(Names.ResultType, expectedResult(exception) ?? ResultType.UnknownError);
        else if (answer is { HasReader: false })
            span.SetTag(Names.ResultType, ResultType.Aborted); // whatever it has written, nobody has read it
        else if (answer is { } known)
            Describe(span, known.Status, known.Location);
    }

    /// <summary>The same page again, with what is wrong.</summary>
    public static void DescribeFailure(SpanRecord span, int status)
    {
        span.SetTag(Names.ResultType, ResultType.Failure);
        span.SetTag(Names.ResultStatus, status);
    }

    /// <summary>Something after the handler has thrown, and that is what the response says.</summary>
    public static void DescribeUnknownError(SpanRecord span, int status)
    {
        span.SetTag(Names.ResultType, ResultType.UnknownError);
        span.SetTag(Names.ResultStatus, status);
        Fail(span, status);
    }

    static void Describe(SpanRecord span, int status, string? location)
    {
        span.SetTag(Names.ResultType, TypeOf(status));
        span.SetTag(Names.ResultStatus, status);
        if (location is not null)
            span.SetTag(Names.ResultLocation, WithoutQuery(location));
        Fail(span, status);
    }

    /// <summary>A query may carry personal data.</summary>
    public static string WithoutQuery(string url) => url.IndexOfAny(['?', '#']) is var end and >= 0 ? url[..end] : url;

    /// <summary>The status code alone, for a span that only passes on what others have decided.</summary>
    public static void SetStatus(SpanRecord span, int status)
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
    static void Fail(SpanRecord span, int status)
    {
        if (status < 500)
            return;
        span.SetTag(Names.ErrorType, status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error);
    }
}
