using Microsoft.AspNetCore.Diagnostics;

namespace Notebook;

sealed class NoteExceptionHandler : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        Notes.Write("exception handler");
        return ValueTask.FromResult(false);
    }
}
