// Runs before the first paint: marks that scripts run, and takes the colours the reader chose.
(root => {
  root.classList.add('js')
  try {
    const chosen = localStorage.theme
    if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen
  } catch {
    // Storage may be forbidden; then the system's choice holds.
  }
})(document.documentElement)
