using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Storefront.Data;
using Storefront.Services;

namespace Storefront.Pages.Products;

public class DetailsModel(ShopContext db, StockClient stockClient) : PageModel
{
    public Product Product { get; private set; } = null!;

    /// <summary>The number in stock, or null when the product has never been in stock.</summary>
    public int? Stock { get; private set; }

    public async Task<IActionResult> OnGetAsync(int id)
    {
        var product = await db.Products.AsNoTracking().FirstOrDefaultAsync(product => product.Id == id);
        if (product is null)
            return NotFound();

        Product = product;
        Stock = await stockClient.GetQuantityAsync(product.Sku);
        return Page();
    }
}
