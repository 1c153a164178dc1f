using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Agent.AspNetCore;

/// <summary>
/// What a handler has come to: success, failure (validation), redirect, known error (a status of 400 and above that it returned) or
/// unknown error (an exception). SvelteKit's rule: only unknown errors and known ones of 500 and above are errors.
/// </summary>
static class ActionResult
{
    public static void Describe(Activity span, Exception? exception, IActionResult? result, ModelStateDictionary model, Func<Exception, bool> isAbort)
    {
        if (exception is not null)
        {
            span.SetTag(Names.ResultType, isAbort(exception) ? ResultType.Aborted : ResultType.UnknownError);
            return;
        }
        if (Redirect(result) is var (redirectStatus, location))
        {
            span.SetTag(Names.ResultType, ResultType.Redirect);
            span.SetTag(Names.ResultStatus, redirectStatus);
            if (location is not null)
                span.SetTag(Names.ResultLocation, location);
            return;
        }
        var status = StatusOf(result);
        var isInvalid = !model.IsValid;
        var type = status switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => ResultType.Failure,
            >= 400 => ResultType.KnownError,
            _ when isInvalid && result is (null or PageResult or ViewResult or PartialViewResult) => ResultType.Failure,
            _ => ResultType.Success,
        };
        span.SetTag(Names.ResultType, type);
        span.SetTag(Names.ResultStatus, status);
        if (isInvalid)
            span.SetTag(Names.ModelErrors, model.ErrorCount);
        if (status >= 500)
        {
            span.SetTag(Names.ErrorType, status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    static int StatusOf(IActionResult? result) => result switch
    {
        PageResult page => page.StatusCode ?? StatusCodes.Status200OK,
        ViewResult view => view.StatusCode ?? StatusCodes.Status200OK,
        IStatusCodeActionResult { StatusCode: { } status } => status,
        ForbidResult => StatusCodes.Status403Forbidden,
        ChallengeResult => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status200OK,
    };

    /// <summary>Status and place of a redirect. The place is a page, action or path, never a query, which may carry personal data.</summary>
    static (int Status, string? Location)? Redirect(IActionResult? result) => result switch
    {
        RedirectResult to => (Status(to.Permanent, to.PreserveMethod), WithoutQuery(to.Url)),
        LocalRedirectResult to => (Status(to.Permanent, to.PreserveMethod), WithoutQuery(to.Url)),
        RedirectToPageResult to => (Status(to.Permanent, to.PreserveMethod), to.PageName),
        RedirectToActionResult to => (Status(to.Permanent, to.PreserveMethod), to.ActionName),
        RedirectToRouteResult to => (Status(to.Permanent, to.PreserveMethod), to.RouteName),
        _ => null,
    };

    static int Status(bool isPermanent, bool preservesMethod) => (isPermanent, preservesMethod) switch
    {
        (false, false) => StatusCodes.Status302Found,
        (true, false) => StatusCodes.Status301MovedPermanently,
        (false, true) => StatusCodes.Status307TemporaryRedirect,
        (true, true) => StatusCodes.Status308PermanentRedirect,
    };

    static string WithoutQuery(string url) => url.IndexOfAny(['?', '#']) is var end and >= 0 ? url[..end] : url;
}
