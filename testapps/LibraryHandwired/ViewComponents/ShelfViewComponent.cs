using Microsoft.AspNetCore.Mvc;

namespace Library.ViewComponents;

public sealed class ShelfViewComponent : ViewComponent
{
    public IViewComponentResult Invoke(int count) => View(count);
}
