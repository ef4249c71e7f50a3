// Buttons that copy the words of a box; without scripts the words can be marked by hand.

const said = document.getElementById("copied");

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      box.focus();
      box.select();
      said.textContent = "The browser does not let this page copy. The words are marked: press Ctrl and C.";
      return;
    }
    said.textContent = "";
    const before = button.innerHTML;
    button.textContent = "Copied";
    setTimeout(() => {
      said.textContent = "Copied.";
    }, 50);
    setTimeout(() => {
      button.innerHTML = before;
    }, 2000);
  });
}
