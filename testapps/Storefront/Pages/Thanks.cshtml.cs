using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Storefront.Data;

namespace Storefront.Pages;

public class ThanksModel(ShopContext db) : PageModel
{
    public Order Order { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(int id)
    {
        var order = await db.Orders.AsNoTracking().Include(order => order.Product).FirstOrDefaultAsync(order => order.Id == id);
        if (order is null)
            return NotFound();

        Order = order;
        return Page();
    }
}
