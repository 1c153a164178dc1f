using System.Diagnostics;
using System.Runtime.CompilerServices;
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
    public static void Describe(Activity span, Exception? exception, IActionResult? result, ModelStateDictionary model, Func<Exception, string?> expectedResult)
    {
        if (exception is not null)
        {
            span.SetTag(Names.ResultType, expectedResult(exception) ?? ResultType.UnknownError);
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
        span.SetTag(Names.ResultType, isInvalid && (result is null || IsView(result.GetType())) ? ResultType.Failure : ResponseResult.TypeOf(status));
        span.SetTag(Names.ResultStatus, status);
        if (isInvalid)
            span.SetTag(Names.ModelErrors, model.ErrorCount);
        ResponseResult.Fail(span, status);
    }

    static int StatusOf(IActionResult? result) => result switch
    {
        IStatusCodeActionResult { StatusCode: { } status } => status,
        ForbidResult => StatusCodes.Status403Forbidden,
        ChallengeResult => StatusCodes.Status401Unauthorized,
        not null when result.GetType().Name == "PageResult" => StatusOfPage(result),
        _ => StatusCodes.Status200OK,
    };

    [MethodImpl(MethodImplOptions.NoInlining)] // an API need not load Razor Pages
    static int StatusOfPage(IActionResult result) => (result as PageResult)?.StatusCode ?? StatusCodes.Status200OK;

    /// <summary>Results that render a view, by name: an API need not load what they are in.</summary>
    public static bool IsView(Type result) => result.FullName is "Microsoft.AspNetCore.Mvc.ViewResult" or "Microsoft.AspNetCore.Mvc.PartialViewResult"
        or "Microsoft.AspNetCore.Mvc.ViewComponentResult" or "Microsoft.AspNetCore.Mvc.RazorPages.PageResult";

    /// <summary>Status and place of a redirect. The place is a page, action or path, never a query, which may carry personal data.</summary>
    static (int Status, string? Location)? Redirect(IActionResult? result) => result switch
    {
        RedirectResult to => (RedirectStatus(to.Permanent, to.PreserveMethod), WithoutQuery(to.Url)),
        LocalRedirectResult to => (RedirectStatus(to.Permanent, to.PreserveMethod), WithoutQuery(to.Url)),
        RedirectToPageResult to => (RedirectStatus(to.Permanent, to.PreserveMethod), to.PageName),
        RedirectToActionResult to => (RedirectStatus(to.Permanent, to.PreserveMethod), to.ActionName),
        RedirectToRouteResult to => (RedirectStatus(to.Permanent, to.PreserveMethod), to.RouteName),
        _ => null,
    };

    public static int RedirectStatus(bool isPermanent, bool preservesMethod) => (isPermanent, preservesMethod) switch
    {
        (false, false) => StatusCodes.Status302Found,
        (true, false) => StatusCodes.Status301MovedPermanently,
        (false, true) => StatusCodes.Status307TemporaryRedirect,
        (true, true) => StatusCodes.Status308PermanentRedirect,
    };

    public static string WithoutQuery(string url) => url.IndexOfAny(['?', '#']) is var end and >= 0 ? url[..end] : url;
}
