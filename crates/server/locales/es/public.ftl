# A quién llamar, en la primera pantalla y donde se pide ayuda
call-danger = ¿Está en peligro en este momento? Llame al { $emergency }.
call-who = Línea Nacional contra la Trata de Personas
call-call = Llame al
call-text = Mensaje de texto al
call-about = La llamada es gratis, a cualquier hora, en más de 200 idiomas. No tiene que dar su nombre.

# Primera pantalla
home-tab = Inicio
home-heading = Puede hablar con alguien ahora
home-doors = Adónde ir desde aquí
home-help-about = Para usted o para alguien que le importa.
home-report-about = En el trabajo, en el barrio, en internet: algo no se veía bien.

# Necesito ayuda
help-tab = Información
help-heading = Cómo recibir ayuda
help-lead = No hace falta tener la certeza, ni saber cómo se llama lo que le pasa. Puede preguntar.
help-call-heading = Cuando llame
help-call-who = Contesta una persona, a cualquier hora. Tiene preparación para esto.
help-call-languages = Hablan español e inglés. Para más de 200 idiomas más, llaman a un intérprete por teléfono. Los mensajes de texto se contestan en español e inglés.
help-call-name = No tiene que dar su nombre. Diga lo que quiera, mucho o poco. Puede colgar cuando quiera.
help-call-not = La línea no es la policía ni inmigración.
help-call-decide = Le escuchan, le dicen qué se puede hacer y le pueden poner en contacto con gente cerca de usted. Usted decide qué sigue.
help-call-limits = Lo que usted diga se queda con ellos, con dos excepciones que ellos mismos nombran: avisan a las autoridades si creen que se abusa de un niño o una niña, o que alguien está a punto de sufrir un daño grave.
help-call-relay = Si no oye bien, marque primero el { $relay }.
help-safe-heading = Cómo ver esto con seguridad
help-safe-exit = «Salir de esta página» abre una página del clima en lugar de esta. Con un teclado, presione Esc o Mayús (Shift) tres veces.
help-safe-history = No borra lo que vio antes. Las otras páginas quedan en el historial de su navegador: bórrelas allí.
help-safe-private = Una ventana privada o de incógnito no guarda historial cuando la cierra.
help-safe-phone = Las llamadas y los mensajes quedan en las listas del teléfono. Bórrelos también, y tenga en cuenta que pueden salir en la cuenta del teléfono.
help-safe-other = Si alguien le revisa el teléfono o puede haberle puesto un programa, use otro: el de una amistad, el de una biblioteca, el de una clínica.
help-site-heading = Qué sabe este sitio de usted
help-site = Nada. No deja cookies, no pide una cuenta y no anota dónde está usted. { $privacy }
help-site-link = Más sobre la privacidad

# Vi algo
report-tab = Contacto
report-heading = Contar lo que vio
report-not-here-heading = Este sitio todavía no recibe avisos
report-not-here = Aquí no hay un formulario. Estas personas reciben lo que usted vio, a cualquier hora:
report-danger-heading = Alguien está en peligro ahora
report-danger = Llame al { $emergency }. Diga primero dónde es.
report-else-heading = Todo lo demás
report-else = Llame a la Línea Nacional contra la Trata de Personas al { $hotline }, o mande un mensaje de texto al { $text }. No tiene que dar su nombre.
report-else-sure = No necesita tener la certeza. Allí saben qué preguntar.
report-before-heading = Antes de llamar
report-before-step = No intervenga y no le diga nada a la persona de quien sospecha. Puede poner en peligro a usted y a los demás.
report-before-note = Anote lo que vio usted: dónde, cuándo, qué se dijo, una placa, el nombre de un sitio.
report-before-guess = Diga qué sabe y qué supone. «No sé» también es una respuesta.

# Privacidad
privacy-tab = Privacidad
privacy-heading = Qué sabe este sitio de usted
privacy-lead = Estas páginas públicas no guardan nada sobre usted.
privacy-cookies = Sin cookies, sin cuenta, sin nada que este sitio deje en su navegador.
privacy-address = La dirección de su aparato no se anota. Tampoco qué páginas vio.
privacy-third = No se carga nada de ningún otro sitio. El único camino a otro sitio es «Salir de esta página»: el servicio del clima ve entonces que alguien llegó, pero no desde qué página.
privacy-not-heading = Lo que no está en nuestras manos
privacy-not-browser = Su navegador recuerda qué páginas abrió. { $help }
privacy-not-browser-link = Cómo ver esto con seguridad
privacy-not-network = Su compañía de teléfono, o quien maneje la red que usa, puede ver que se abrió este sitio. No puede ver qué página, mientras la dirección empiece con https.
privacy-not-operator = La agencia que maneja este sitio puede tener otros equipos de por medio. Pregúntele qué anotan.
privacy-not-hotline = La línea nacional tiene sus propias reglas para lo que usted le cuente.

# Accesibilidad
accessibility-tab = Accesibilidad
accessibility-heading = Para que todos puedan leerlo
accessibility-lead = Queremos que todas las personas puedan usar este sitio. Trabajamos según WCAG 2.2, nivel AA.
accessibility-done-heading = Lo que se hizo
accessibility-done-keyboard = Todo funciona con el teclado, y se ve dónde está.
accessibility-done-script = Todo funciona sin JavaScript; solo lo necesitan las tres teclas de «Salir de esta página».
accessibility-done-zoom = Las páginas caben en una pantalla de 320 píxeles de ancho, y el texto se puede agrandar al doble.
accessibility-done-color = Nada se dice solo con color. Una prueba mide el contraste, en claro y en oscuro.
accessibility-done-languages = Todas las páginas están en español y en inglés. Solo los gráficos y las tablas del estado, lo que dice la comprobación de un archivo y lo que cita una fuente están en inglés, y así está marcado.
accessibility-not-heading = Lo que falta
accessibility-not-people = Todavía no lo han probado personas que usan lectores de pantalla, y nadie de fuera lo ha revisado.
accessibility-not-languages = Todavía no habla otros idiomas. La línea nacional, sí.
accessibility-tell-heading = Si algo no le funciona
accessibility-tell = Dígaselo a la agencia que maneja este sitio. Si necesita ayuda ahora, llame al { $hotline } o mande un mensaje de texto al { $text }; si no oye bien, marque primero el { $relay }.
