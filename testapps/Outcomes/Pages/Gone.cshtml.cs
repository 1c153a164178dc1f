using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Outcomes.Pages;

public sealed class GoneModel : PageModel
{
    public void OnGet() => Response.StatusCode = StatusCodes.Status410Gone;
}
