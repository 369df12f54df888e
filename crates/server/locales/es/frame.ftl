# El marco de cada página. La pestaña la puede leer cualquiera: no dice nada.
skip = Ir al contenido
exit = Salir de esta página
exit-how = o presione Esc tres veces
exit-once = Presione dos veces más para salir.
exit-twice = Presione una vez más para salir.
exit-leaving = Saliendo.
exit-stayed = Sigue en esta página.
exit-tab = El clima
danger-now = ¿Está en peligro ahora? Llame al { $emergency }.
danger-talk = Para hablar con alguien, gratis, a cualquier hora: { $hotline }, o mande un mensaje de texto al { $text }.
practice-band = Práctica. Todo es inventado, menos los números de teléfono.
navigation-label-public = Este sitio
navigation-label-desk = Trabajo
navigation-home = Inicio
navigation-help = Necesito ayuda
navigation-report = Vi algo
navigation-privacy = Privacidad
navigation-accessibility = Accesibilidad
navigation-design = Diseño
navigation-public = Sitio público
colophon = Hecho con Clearway. Sin cookies ni rastreo.
colophon-desk = Hecho con Clearway.

# La lista de errores al principio de un formulario.
errors-heading = { $number ->
    [one] Hay que revisar una respuesta
   *[other] Hay que revisar { $number } respuestas
}
errors-tab = Por corregir: { $tab }
field-error = Por corregir:
